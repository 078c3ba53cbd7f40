import { parseSha256 } from "../../../src/core/digest.ts";
import { parseRecordingId, type RecordingId } from "../../../src/core/recording-id.ts";
import type { ArchiveSide, EventSide, RecordingSides, Sides, VendorSide } from "../../../src/ingest/reconcile-sides.ts";

/** A day on which nothing of the tests is past its time, and the time that the vendor keeps a recording. */
export const NOW_MS = Date.parse("2024-01-20T00:00:00Z");
export const RETENTION = { nowMs: NOW_MS, retentionDays: 30 };
export const DAY_MS = 86_400_000;

export const OWN = parseSha256("aa".repeat(32));
export const OTHER = parseSha256("bb".repeat(32));

type Offered = Extract<VendorSide, { type: "has" }>;

/** What the vendor has of a recording; listed and completed unless told otherwise. */
export function offered(made: Partial<Offered> = {}): Offered {
  return {
    type: "has",
    isListed: true,
    callId: "call",
    status: "completed",
    createdAtMs: NOW_MS - DAY_MS,
    sha256: undefined,
    ...made,
  };
}

/** What webhooks say; begun and no more unless told otherwise. */
export function told(made: Partial<EventSide> = {}): EventSide {
  const [earliestMs, latestMs] = [NOW_MS - DAY_MS, NOW_MS - DAY_MS];
  return { callId: "call", earliestMs, latestMs, isCompleted: false, isFailed: false, sha256: undefined, ...made };
}

/** What the archive has; whole unless told otherwise. */
export function held(made: { state?: ArchiveSide["state"]; createdAtMs?: number } = {}): ArchiveSide {
  const { state = "whole", createdAtMs = NOW_MS - DAY_MS } = made;
  const known = { callId: "call", createdAtMs, sha256: OWN };
  if (state === "damaged") return { ...known, state, expectedBytes: 10, foundBytes: 7 };
  return state === "unknown" ? { ...known, state, error: new Error("no look") } : { ...known, state };
}

/** The three sides of recordings by their ids. */
export function toSides(recordings: Readonly<Record<string, Partial<RecordingSides>>>): Sides {
  const sides = {
    vendor: new Map<RecordingId, VendorSide>(),
    events: new Map<RecordingId, EventSide>(),
    archive: new Map<RecordingId, ArchiveSide>(),
  };
  for (const [name, { vendor, events, archive }] of Object.entries(recordings)) {
    const recordingId = parseRecordingId(name);
    if (vendor !== undefined) sides.vendor.set(recordingId, vendor);
    if (events !== undefined) sides.events.set(recordingId, events);
    if (archive !== undefined) sides.archive.set(recordingId, archive);
  }
  return sides;
}
