import { isCompleted } from "../is-completed.ts";
import type { PageRequest } from "../recording-shelf.ts";
import type { StoredRecording } from "../schema.ts";
import { AccountError } from "./envelope.ts";
import { toEpochMs } from "./gregorian.ts";
import type { AccountListQuery } from "./schema.ts";

/** The widest range of a list, and the default one [K]. */
const MAX_RANGE_MS = 31 * 86_400_000;

/**
 * Plans a page of the account's list: what was saved in a range of time, which is the last 31 days unless it is said
 * otherwise [K].
 *
 * @throws {AccountError} the range is wider, or the start key is none of ours.
 */
export function toAccountPage(
  query: AccountListQuery,
  { nowMs, subject }: { nowMs: number; subject: string },
): PageRequest {
  const toMs = query.created_to === undefined ? nowMs : toEpochMs(query.created_to);
  const fromMs = query.created_from === undefined ? toMs - MAX_RANGE_MS : toEpochMs(query.created_from);
  if (toMs < fromMs || toMs - fromMs > MAX_RANGE_MS) throw new AccountError("faulty_request", "created_from");
  const startKey = query.start_key === undefined ? undefined : parseStartKey(query.start_key);
  return {
    subject,
    accepts: (row) => isCompleted(row) && row.file.completedAtMs >= fromMs && row.file.completedAtMs <= toMs,
    toInstantMs: toSavedAtMs,
    toOffset: (list) => (startKey === undefined ? 0 : toIndex(list, startKey)),
    limit: query.page_size,
  };
}

/** Names the row that a later page begins with, in a form that a client can only repeat. */
export function toStartKey(row: StoredRecording | undefined): string | undefined {
  return row && Buffer.from(`${toSavedAtMs(row)}/${row.recordingId}`).toString("base64url");
}

function toSavedAtMs({ file, startedAtMs }: StoredRecording): number {
  return file?.completedAtMs ?? startedAtMs;
}

interface StartKey {
  readonly savedAtMs: number;
  readonly recordingId: string;
}

function parseStartKey(text: string): StartKey {
  const [, savedAtMs, recordingId] = /^(\d+)\/(.+)$/.exec(Buffer.from(text, "base64url").toString()) ?? [];
  if (savedAtMs === undefined || recordingId === undefined) throw new AccountError("faulty_request", "start_key");
  return { savedAtMs: Number(savedAtMs), recordingId };
}

/** The row itself, or where it would stand if it is gone by now. */
function toIndex(list: readonly StoredRecording[], { savedAtMs, recordingId }: StartKey): number {
  const index = list.findIndex((row) => row.recordingId === recordingId);
  if (index >= 0) return index;
  const older = list.findIndex((row) => toSavedAtMs(row) < savedAtMs);
  return older < 0 ? list.length : older;
}
