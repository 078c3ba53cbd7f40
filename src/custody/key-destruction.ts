import type { Archive } from "../archive/archive.ts";
import { HoldPreventsError } from "../archive/errors.ts";
import { runItems } from "../async/run-items.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { RunReport } from "../core/report.ts";
import { type Ended, RunLog, type RunOptions } from "../core/run-log.ts";

/** Whose keys are to be destroyed, by whom and why. */
export interface KeyDestructionRequest {
  readonly recordingIds: readonly RecordingId[];
  readonly destroyedBy: string;
  readonly reason: string;
}

/** What became of one key. */
export interface KeyDestructionResult {
  readonly subject: string;
  readonly recordingId: RecordingId;
  readonly status: "destroyed" | "held" | "failed";
  /** Of a held one. */
  readonly cases?: readonly string[];
}

/** Takes the keys of recordings out of their sidecars, one by one, but for those that a hold protects. */
export async function runKeyDestruction(
  { archive }: { readonly archive: Pick<Archive, "findCatalogued" | "destroyKey"> },
  { recordingIds, ...why }: KeyDestructionRequest,
  options: RunOptions,
): Promise<RunReport<KeyDestructionResult>> {
  const log = new RunLog<KeyDestructionResult>(options);
  log.planned(recordingIds.length, []);
  const work = async (recordingId: RecordingId): Promise<readonly Ended<KeyDestructionResult>[]> => {
    await archive.destroyKey(await archive.findCatalogued(recordingId), why);
    const result = { subject: recordingId, recordingId, status: "destroyed" } as const;
    return [{ type: "done", result, bytes: 0, audioSeconds: 0 }];
  };
  const ending = await runItems(
    recordingIds,
    { work, toFailed: (recordingId, error) => [toFailed(recordingId, error)] },
    { ...options, log },
  );
  return log.toReport(ending);
}

function toFailed(recordingId: RecordingId, error: unknown): Ended<KeyDestructionResult> {
  const subject = recordingId;
  const result: KeyDestructionResult =
    error instanceof HoldPreventsError
      ? { subject, recordingId, status: "held", cases: error.cases }
      : { subject, recordingId, status: "failed" };
  return { type: "failed", result, subject, error };
}
