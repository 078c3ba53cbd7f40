import { runItems } from "../async/run-items.ts";
import type { RunReport } from "../core/report.ts";
import { type Ended, RunLog, type RunOptions } from "../core/run-log.ts";
import { type InspectResult, inspectFile, toInspectFindings } from "./inspect-file.ts";
import { withSameAudio } from "./same-audio.ts";

/** Inspects files, several at a time; one that cannot be read stops nothing. Those with the same audio name each other. */
export async function runInspect(paths: readonly string[], options: RunOptions): Promise<RunReport<InspectResult>> {
  const log = new RunLog<InspectResult>(options);
  log.planned(paths.length, []);
  const work = async (path: string): Promise<readonly Ended<InspectResult>[]> => {
    const result = await inspectFile(path, options.signal);
    log.found(toInspectFindings(result));
    return [{ type: "done", result, bytes: result.sizeBytes, audioSeconds: result.durationSeconds ?? 0 }];
  };
  const toFailed = (subject: string, error: unknown) =>
    [{ type: "failed", subject, error, result: undefined }] as const;
  const ending = await runItems(paths, { work, toFailed }, { ...options, log });
  const report = log.toReport(ending);
  return { ...report, results: withSameAudio(report.results) };
}
