import type { Archive } from "../archive/archive.ts";
import { isRemoved } from "../core/archived-file.ts";
import { NothingToDoError } from "../core/errors.ts";
import type { Finding } from "../core/finding.ts";
import type { LedgerEntry } from "../core/ledger-event.ts";
import type { RecordingId } from "../core/recording-id.ts";

/** What planning needs. */
export interface PurgePlanPorts {
  readonly archive: Pick<Archive, "recordings" | "checkLedger" | "ledger">;
}

/** Which recordings are meant: those that are named, or all of the archive that were created in a span. */
export interface PurgeSelection {
  readonly recordingIds?: readonly RecordingId[] | undefined;
  /** Inclusive. */
  readonly sinceMs?: number | undefined;
  /** Exclusive. */
  readonly untilMs?: number | undefined;
}

/** What must be so of a recording before the vendor is asked to delete it. */
export interface PurgeRules {
  /** How many storages must have it, that of the archive included. */
  readonly copies: number;
  /** How long ago it may have been found ok at level structure. */
  readonly verifiedWithinMs: number;
  /** How long ago it must have been created. */
  readonly olderThanMs: number;
}

/** Which recordings are to be looked at, and what is known of earlier runs. Making it changes nothing. */
export interface PurgePlan {
  readonly recordingIds: readonly RecordingId[];
  /** Where ledger and archive do not agree: nothing is deleted then. */
  readonly findings: readonly Finding[];
  /** By recording: the last intention to delete of which no event tells what came of it. */
  readonly intentions: ReadonlyMap<string, LedgerEntry>;
}

/**
 * Finds out which recordings are meant. The ledger is read as a whole and held against the archive: whoever replaced a file
 * together with all that is recorded of it is found out before the vendor's copy goes.
 *
 * @throws {NothingToDoError} there are none.
 */
export async function planPurge(
  { archive }: PurgePlanPorts,
  selection: PurgeSelection,
  signal?: AbortSignal,
): Promise<PurgePlan> {
  const recordingIds = selection.recordingIds ?? (await select(archive, selection, signal));
  if (recordingIds.length === 0) throw new NothingToDoError("the archive has no such recordings");
  const { findings } = await archive.checkLedger(signal);
  const intentions = await loadIntentions(archive.ledger, new Set(recordingIds));
  return { recordingIds: [...new Set(recordingIds)], findings, intentions };
}

async function select(
  archive: Pick<Archive, "recordings">,
  { sinceMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY }: PurgeSelection,
  signal: AbortSignal | undefined,
): Promise<RecordingId[]> {
  const ids: RecordingId[] = [];
  for await (const recording of archive.recordings()) {
    signal?.throwIfAborted();
    const { recordingId, createdAtMs } = recording;
    if (createdAtMs >= sinceMs && createdAtMs < untilMs && !isRemoved(recording)) ids.push(recordingId);
  }
  return ids;
}

async function loadIntentions(
  ledger: Archive["ledger"],
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, LedgerEntry>> {
  const intentions = new Map<string, LedgerEntry>();
  for await (const entry of ledger.find(["purge-intended", "purged"])) {
    if (entry.type === "purged") intentions.delete(entry.subject);
    else if (wanted.has(entry.subject)) intentions.set(entry.subject, entry);
  }
  return intentions;
}
