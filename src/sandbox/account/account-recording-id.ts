import type { StoredRecording } from "../schema.ts";

/**
 * Names a recording as the account's listing does: year and month of its start, then the digits of its id [K].
 *
 * @see the listing's items, whose ids are `YYYYMM-…`
 */
export function toAccountRecordingId({ recordingId, startedAtMs }: StoredRecording): string {
  return `${toMonth(startedAtMs)}-${recordingId.replace(/^rec_/, "")}`;
}

/** Returns the id of the documented API for that of either listing; what is neither is returned as it is. */
export function toRecordingId(id: string): string {
  return id.replace(/^\d{6}-/, "rec_");
}

/** Writes a month as `YYYYMM`, in UTC. */
export function toMonth(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 7).replace("-", "");
}
