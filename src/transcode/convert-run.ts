import { NotAudioError } from "../archive/stored-audio.ts";
import { runItems } from "../async/run-items.ts";
import type { RunReport } from "../core/report.ts";
import { type Ended, RunLog, type RunOptions } from "../core/run-log.ts";
import type { Ffmpeg } from "../ffmpeg/ffmpeg.ts";
import type { ConvertJob, ConvertPlan } from "./convert-job.ts";
import { type ConvertResult, toConvertResult } from "./convert-result.ts";
import { UnsupportedMediaError } from "./errors.ts";

/** Options of a conversion. */
export interface ConvertOptions extends RunOptions {
  readonly ffmpeg: Ffmpeg;
}

/**
 * Runs conversion jobs, several at a time. A source that cannot be converted stops nothing else; a full disk does.
 * An output stands under its name only when it is complete and checked.
 */
export async function runConvert(
  { jobs, failures }: ConvertPlan,
  options: ConvertOptions,
): Promise<RunReport<ConvertResult>> {
  const log = new RunLog<ConvertResult>(options);
  const outputs = jobs.reduce((sum, job) => sum + job.targets.length, 0);
  log.planned(outputs, failures);
  const context = { ffmpeg: options.ffmpeg, signal: options.signal, now: () => options.clock.now() };
  const work = async (job: ConvertJob) => {
    const { ended, findings } = await job.run(context);
    log.found(findings);
    return ended;
  };
  const ending = await runItems(jobs, { work, toFailed }, { ...options, log });
  return log.toReport(ending);
}

function toFailed(job: ConvertJob, error: unknown): readonly Ended<ConvertResult>[] {
  const status = error instanceof NotAudioError || error instanceof UnsupportedMediaError ? "refused" : "failed";
  const source = { path: job.path, sizeBytes: job.sizeBytes };
  return job.targets.map(({ path, profile }) => {
    const result = toConvertResult(status, { source, output: { path }, profile });
    return { type: "failed", subject: job.path, error, result };
  });
}
