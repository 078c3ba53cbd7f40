import type { Archive } from "../archive/archive.ts";
import type { HoldBook } from "../archive/hold-book.ts";
import { type ArchivedRecording, isRemoved } from "../core/archived-file.ts";
import { NothingToDoError } from "../core/errors.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { PlanFailure } from "../core/run-log.ts";
import { NotFoundError } from "../io/errors.ts";

/** Which recordings of an archive are meant: all that are named in one way or another, in a time if one is given. */
export interface ExportSelection {
  /** Cases: what their holds catch that stand now. */
  readonly holdCases: readonly string[];
  readonly recordingIds: readonly RecordingId[];
  readonly callIds: readonly string[];
  /** Of the creation, inclusive. */
  readonly sinceMs: number | undefined;
  /** Of the creation, exclusive. */
  readonly untilMs: number | undefined;
}

/** What a selection comes to. */
export interface SelectedRecordings {
  readonly recordings: readonly ArchivedRecording[];
  /** Those of which a tombstone is all that is left. */
  readonly removed: readonly ArchivedRecording[];
  /** Recordings that a hold names, and that the archive never had. */
  readonly absent: readonly RecordingId[];
  /** What was named on purpose and is not there. */
  readonly failures: readonly PlanFailure[];
}

/** Tells whether a selection selects anything at all. */
export function isEmptySelection({ holdCases, recordingIds, callIds, sinceMs, untilMs }: ExportSelection): boolean {
  return !isNaming({ holdCases, recordingIds, callIds }) && sinceMs === undefined && untilMs === undefined;
}

/**
 * Finds the recordings that are meant. The whole catalogue is gone through. Where not all are named by their ids, it must know
 * every recording of which the ledger tells: of one that it has lost nobody can say whether it is meant.
 *
 * @throws {NothingToDoError} nothing is held for one of the cases: what is mistyped must not look as if nothing were.
 */
export async function selectRecordings(
  archive: Pick<Archive, "recordings" | "holds" | "takenIn">,
  selection: ExportSelection,
  signal?: AbortSignal,
): Promise<SelectedRecordings> {
  const book = await archive.holds();
  const cases = new Set(selection.holdCases);
  for (const name of cases) assertHeld(book, name);
  const wanted = { ...selection, recordingIds: new Set(selection.recordingIds), callIds: new Set(selection.callIds) };
  const [recordings, removed]: ArchivedRecording[][] = [[], []];
  const missing = { recordingIds: new Set(wanted.recordingIds), callIds: new Set(wanted.callIds) };
  const unheard = new Set(toNamedByHolds(book, cases));
  const lost = new Set<string>();
  if (isCatalogueTrusted(selection)) for await (const recordingId of archive.takenIn()) lost.add(recordingId);
  for await (const recording of archive.recordings()) {
    signal?.throwIfAborted();
    missing.recordingIds.delete(recording.recordingId);
    missing.callIds.delete(recording.callId);
    unheard.delete(recording.recordingId);
    lost.delete(recording.recordingId);
    const isNamed =
      !isNaming(selection) ||
      wanted.recordingIds.has(recording.recordingId) ||
      wanted.callIds.has(recording.callId) ||
      (cases.size > 0 && book.catching(recording).some(({ hold }) => cases.has(hold.case)));
    if (isNamed && isInTime(recording, selection)) (isRemoved(recording) ? removed : recordings)?.push(recording);
  }
  const failures = [...toFailures(missing), ...[...lost].map(toLostFailure)];
  return {
    recordings: recordings ?? [],
    removed: removed ?? [],
    absent: [...unheard].filter((id) => !lost.has(id)),
    failures,
  };
}

/** Tells whether what is meant is found out by what the catalogue says of all recordings. */
function isCatalogueTrusted({ holdCases, recordingIds, callIds }: ExportSelection): boolean {
  return recordingIds.length === 0 || holdCases.length + callIds.length > 0;
}

function toLostFailure(subject: string): PlanFailure {
  const message = `the ledger tells of this recording, and the catalogue does not know it, so that it may be meant: ${subject}`;
  return { subject, error: new NotFoundError(message, { hint: LOST_HINT }) };
}

const LOST_HINT =
  "`holdfast verify` tells what is lost, `holdfast reindex` finds what has its sidecar; --recording and --list export without";

function isNaming({
  holdCases,
  recordingIds,
  callIds,
}: Pick<ExportSelection, "holdCases" | "recordingIds" | "callIds">): boolean {
  return holdCases.length + recordingIds.length + callIds.length > 0;
}

function isInTime({ createdAtMs }: ArchivedRecording, { sinceMs, untilMs }: ExportSelection): boolean {
  return (sinceMs === undefined || createdAtMs >= sinceMs) && (untilMs === undefined || createdAtMs < untilMs);
}

function assertHeld({ holds }: HoldBook, name: string): void {
  if (holds.some((hold) => hold.case === name && hold.release === undefined)) return;
  throw new NothingToDoError(`nothing is held for ${JSON.stringify(name)}`, {
    hint: "`holdfast hold list` shows the cases",
  });
}

function toNamedByHolds({ holds }: HoldBook, cases: ReadonlySet<string>): readonly RecordingId[] {
  return holds
    .filter((hold) => cases.has(hold.case) && hold.release === undefined)
    .flatMap(({ criteria }) => (criteria.kind === "named" ? criteria.recordingIds : []));
}

function toFailures({
  recordingIds,
  callIds,
}: {
  readonly recordingIds: Iterable<string>;
  readonly callIds: Iterable<string>;
}): readonly PlanFailure[] {
  return [
    ...[...recordingIds].map((subject) => ({ subject, error: new NotFoundError(`not in the archive: ${subject}`) })),
    ...[...callIds].map((subject) => {
      return { subject, error: new NotFoundError(`no recording of this call is in the archive: ${subject}`) };
    }),
  ];
}
