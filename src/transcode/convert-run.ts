import { mapAhead } from "../async/map-ahead.ts";
import { runItems } from "../async/run-items.ts";
import { Slots } from "../async/slots.ts";
import type { RunReport } from "../core/report.ts";
import { type Ended, RunLog, type RunOptions } from "../core/run-log.ts";
import type { Confinement } from "../ffmpeg/confinement.ts";
import type { Ffmpeg } from "../ffmpeg/ffmpeg.ts";
import { sweepAbandoned, sweepWorkingFolders } from "../io/abandoned-files.ts";
import { isStorageFull } from "../io/errors.ts";
import { toBatches } from "./batches.ts";
import type { CheckLevel, ConvertContext, ConvertJob, ConvertPlan, Encoding, PreparedJob } from "./convert-job.ts";
import { type ConvertResult, toFailedTarget } from "./convert-result.ts";
import { encodeTogether } from "./encode.ts";
import type { LossyPolicy } from "./treatment.ts";

/** Options of a conversion. */
export interface ConvertOptions extends RunOptions {
  readonly ffmpeg: Ffmpeg;
  readonly confinement: Confinement;
  /** @default "allow" */
  readonly lossy?: LossyPolicy;
  /** @default "structure" */
  readonly check?: CheckLevel;
  /**
   * Whether records beside files are for somebody who need not know where on this machine source, output and ffmpeg lie: they
   * name files from their own folder on. @default false
   */
  readonly isForOthers?: boolean;
}

/** How many sources are read before ffmpeg has a place for them: as many as one batch takes. */
const READ_AHEAD = 16;

/** Batches that are being checked and named while ffmpeg is at work on others. */
const BATCHES_BESIDE = 2;

/**
 * Runs conversion jobs, `concurrency` runs of ffmpeg at a time. A source that cannot be converted stops nothing else; a
 * full disk does. An output stands under its name only when it is complete and checked.
 */
export async function runConvert(
  { jobs, outputFolders, failures }: ConvertPlan,
  options: ConvertOptions,
): Promise<RunReport<ConvertResult>> {
  const { ffmpeg, confinement, concurrency, signal, clock, lossy = "allow", check = "structure" } = options;
  const log = new RunLog<ConvertResult>(options);
  const forecast = new Forecast(jobs);
  log.planned(forecast.outputs, failures, forecast.seconds);
  for (const folder of outputFolders) await sweepAbandoned(folder);
  await sweepWorkingFolders();
  const slots = new Slots(concurrency);
  const context: ConvertContext = {
    ...{ ffmpeg, confinement, slots, lossy, check, signal },
    isForOthers: options.isForOthers ?? false,
    now: () => clock.now(),
  };
  const encodings = prepareAll(jobs, context, { log, forecast, onEvent: options.onEvent });
  const batches = toBatches(encodings, { slots: concurrency, remainingSeconds: () => forecast.seconds });
  const toFailed = (batch: readonly Encoding[], error: unknown) => batch.flatMap((encoding) => encoding.fail(error));
  const work = (batch: readonly Encoding[]) => convertBatch(batch, context);
  const ending = await runItems(
    batches,
    { work, toFailed },
    { log, concurrency: concurrency + BATCHES_BESIDE, signal },
  );
  return log.toReport(ending);
}

/** How much output is still to come: by the estimates, corrected by how far they were off so far. */
class Forecast {
  readonly outputs: number;
  #estimated: number;
  #known = 1;
  #guessed = 1;
  #passedSeconds = 0;

  constructor(jobs: readonly ConvertJob[]) {
    this.outputs = jobs.reduce((sum, job) => sum + job.targets.length, 0);
    this.#estimated = jobs.reduce((sum, job) => sum + job.estimatedSeconds * job.targets.length, 0);
  }

  get seconds(): number {
    return (this.#estimated * this.#known) / this.#guessed;
  }

  /** How much output there is in all, as far as it is not there already. */
  get totalSeconds(): number {
    return this.#passedSeconds + this.seconds;
  }

  /** A job was read: now its length is known. */
  note(job: ConvertJob, encoding: Encoding | undefined): void {
    this.#estimated -= job.estimatedSeconds * job.targets.length;
    if (encoding === undefined) return;
    this.#known += encoding.source.structure.durationSeconds;
    this.#guessed += job.estimatedSeconds;
    this.#passedSeconds += encoding.source.structure.durationSeconds * encoding.outputs.length;
  }
}

type Prepared = PreparedJob & { readonly job: ConvertJob };

interface PrepareOptions extends Pick<RunOptions, "onEvent"> {
  readonly log: RunLog<ConvertResult>;
  readonly forecast: Forecast;
}

async function tryPrepare(job: ConvertJob, context: ConvertContext): Promise<Prepared> {
  try {
    context.signal?.throwIfAborted();
    return { job, ...(await job.prepare(context)) };
  } catch (error) {
    return { job, ended: toFailed(job, error), findings: [], encoding: undefined };
  }
}

/** Reads sources ahead of ffmpeg, logs what has ended with that, and passes on what is to be encoded. */
async function* prepareAll(
  jobs: readonly ConvertJob[],
  context: ConvertContext,
  { log, forecast, onEvent }: PrepareOptions,
): AsyncGenerator<Encoding> {
  let full: unknown;
  const prepare = async (job: ConvertJob) => (full === undefined ? tryPrepare(job, context) : undefined);
  // What is under way when the disk is full may still have been made, and is told of.
  for await (const prepared of mapAhead(jobs, prepare, READ_AHEAD)) {
    context.signal?.throwIfAborted();
    if (prepared === undefined) continue;
    const { job, ended, findings, encoding } = prepared;
    forecast.note(job, encoding);
    onEvent?.({ type: "estimated", audioSeconds: forecast.totalSeconds });
    log.found(findings);
    for (const one of ended) {
      const isFull = one.type === "failed" && isStorageFull(one.error);
      if (isFull) full ??= one.error;
      log.ended(isFull ? { ...one, error: full } : one);
    }
    if (encoding !== undefined && full === undefined) yield encoding;
  }
  if (full !== undefined) throw full;
}

async function convertBatch(
  batch: readonly Encoding[],
  context: ConvertContext,
): Promise<readonly Ended<ConvertResult>[]> {
  try {
    const encoded = await encodeTogether(batch, context);
    const kept = batch.map((encoding, index) => encoding.keep(encoded[index] ?? { outputs: [] }));
    return (await Promise.all(kept)).flat();
  } finally {
    for (const { outputs } of batch) for (const { staged } of outputs) await staged.discard();
  }
}

/** Tells what a job is in the report whose source could not be read or must not be converted. */
function toFailed(job: ConvertJob, error: unknown): readonly Ended<ConvertResult>[] {
  const source = { path: job.path, sizeBytes: job.sizeBytes };
  return job.targets.map(({ path, profile }) => toFailedTarget(error, { source, output: { path }, profile }));
}
