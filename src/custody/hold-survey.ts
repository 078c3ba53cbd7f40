import type { Archive } from "../archive/archive.ts";
import { HoldIndex } from "../archive/hold-index.ts";
import { type ArchivedRecording, isRemoved } from "../core/archived-file.ts";
import type { HoldCriteria } from "../core/hold.ts";
import type { RecordingId } from "../core/recording-id.ts";

/** How many recordings of the archive some criteria catch. */
export interface CaughtCount {
  readonly certain: number;
  /** Too little is known of them to tell whether they are meant: they count as held. */
  readonly undecidable: number;
}

/** Where recordings are looked for. */
export type SurveyedArchive = Pick<Archive, "catalogued" | "recordings">;

/**
 * Counts, for each of the criteria, how many recordings of the archive they catch now. What was removed is not counted. The
 * whole catalogue is gone through, unless recordings are named and nothing else.
 */
export async function countCaught(
  archive: SurveyedArchive,
  criteria: readonly HoldCriteria[],
  signal?: AbortSignal,
): Promise<readonly CaughtCount[]> {
  const counts = criteria.map(() => ({ certain: 0, undecidable: 0 }));
  const index = new HoldIndex();
  for (const [number, each] of criteria.entries()) index.add(number, each);
  for await (const recording of toCandidates(archive, criteria)) {
    signal?.throwIfAborted();
    if (isRemoved(recording)) continue;
    for (const [number, certainty] of index.catching(recording)) {
      const count = counts[number];
      if (count !== undefined) count[certainty] += 1;
    }
  }
  return counts;
}

function toCandidates(archive: SurveyedArchive, criteria: readonly HoldCriteria[]): AsyncIterable<ArchivedRecording> {
  const named = new Set<RecordingId>();
  for (const each of criteria) {
    if (each.kind === "matching" || each.callIds.length > 0) return archive.recordings();
    for (const recordingId of each.recordingIds) named.add(recordingId);
  }
  return lookUp(archive, named);
}

async function* lookUp(archive: SurveyedArchive, recordingIds: Iterable<RecordingId>) {
  for (const recordingId of recordingIds) {
    const recording = await archive.catalogued(recordingId);
    if (recording !== undefined) yield recording;
  }
}
