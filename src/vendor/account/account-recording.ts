import { isPhoneNumber } from "../../core/phone-number.ts";
import type { ListFilter, RemoteRecording } from "../recording-source.ts";
import type { AccountItem } from "../schema.ts";
import { toEpochMs } from "./gregorian.ts";

/**
 * Takes an item of the account's listing over into our words. It has neither size nor digest, and no state: what is
 * listed has been saved [K].
 */
export function toRemoteRecording(item: AccountItem): RemoteRecording {
  const durationMs = item.duration_ms ?? undefined;
  return {
    recordingId: item.id,
    callId: item.call_id,
    status: "completed",
    createdAtMs: toEpochMs(item.start),
    completedAtMs: undefined,
    durationSeconds: durationMs === undefined ? (item.duration ?? undefined) : durationMs / 1000,
    sizeBytes: undefined,
    format: item.media_type?.replace(/^\./, ""),
    bitrateKbps: undefined,
    sampleRateHz: undefined,
    channels: undefined,
    sha256: undefined,
    from: toParty(item.from, item.caller_id_number),
    to: toParty(item.to, item.callee_id_number),
    direction: item.direction,
  };
}

/** The address of a device may be a name alone; its number then stands beside it [K]. */
function toParty(...writings: readonly (string | null | undefined)[]): string | undefined {
  const given = writings.flatMap((text) => text || []);
  return given.find(isPhoneNumber) ?? given[0];
}

/**
 * Tells whether a recording is meant. One that was under way at `since` is: listed twice it is fetched once, but listed
 * neither before nor after it would be lost.
 */
export function isWithin({ callId, sinceMs, untilMs }: ListFilter, recording: RemoteRecording): boolean {
  const { createdAtMs, durationSeconds = 0 } = recording;
  const endedAtMs = createdAtMs + durationSeconds * 1000;
  return (
    (callId === undefined || recording.callId === callId) &&
    (sinceMs === undefined || endedAtMs >= sinceMs) &&
    (untilMs === undefined || createdAtMs < untilMs)
  );
}
