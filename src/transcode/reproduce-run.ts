import { runItems } from "../async/run-items.ts";
import { Slots } from "../async/slots.ts";
import { identify, toHeaderless } from "../audio/identify.ts";
import { DigestMismatchError, isHoldfastError } from "../core/errors.ts";
import type { Finding } from "../core/finding.ts";
import { toProfile } from "../core/profile.ts";
import type { RunReport } from "../core/report.ts";
import { type Ended, RunLog } from "../core/run-log.ts";
import { sweepWorkingFolders } from "../io/abandoned-files.ts";
import { assertRegularFile } from "../io/assert-regular-file.ts";
import { loadFileVersion } from "../io/file-version.ts";
import { readFileChunks } from "../io/read-file.ts";
import { StagedFile } from "../io/staged-file.ts";
import { withWorkingFolder } from "../io/working-folder.ts";
import type { ConvertContext } from "./convert-job.ts";
import type { ConvertOptions } from "./convert-run.ts";
import { assertConvertible } from "./convertible-source.ts";
import { type EncodableSource, type EncodedOutput, encodeTogether } from "./encode.ts";
import { FfmpegDiffersError } from "./errors.ts";
import type { Reproduction } from "./reproduce-plan.ts";
import { toTreatment } from "./treatment.ts";

/** What came out when a conversion was made again. */
export interface ReproduceResult {
  readonly source: { readonly path: string; readonly sha256?: string };
  readonly output: { readonly path: string; readonly sha256: string };
  readonly profile: string;
  readonly status: "reproduced" | "different" | "failed";
  /** What was made again; absent when nothing was. */
  readonly foundSha256?: string;
}

/** Options of {@link runReproduce}. */
export type ReproduceOptions = Pick<
  ConvertOptions,
  "ffmpeg" | "confinement" | "concurrency" | "signal" | "clock" | "onEvent"
>;

/**
 * Makes recorded conversions again, from the same source with the same settings, and compares the bytes with the record.
 * What is made, in a folder of its own, is thrown away. The ffmpeg is the one of `options`, never one that a record names:
 * a record may be anybody's.
 */
export async function runReproduce(
  plan: readonly Reproduction[],
  options: ReproduceOptions,
): Promise<RunReport<ReproduceResult>> {
  const { ffmpeg, confinement, concurrency, signal, clock } = options;
  const log = new RunLog<ReproduceResult>(options);
  log.planned(plan.length, []);
  await sweepWorkingFolders();
  const slots = new Slots(concurrency);
  const now = () => clock.now();
  const context = { ffmpeg, confinement, slots, lossy: "allow", check: "structure", signal, now } as const;
  const work = async (one: Reproduction) => {
    const { ended, findings } = await reproduce(one, context);
    log.found(findings);
    return [ended];
  };
  const toFailed = (one: Reproduction, error: unknown) => [toFailedEnded(one, error)];
  const ending = await runItems(plan, { work, toFailed }, { log, concurrency, signal });
  return log.toReport(ending);
}

interface Outcome {
  readonly ended: Ended<ReproduceResult>;
  readonly findings: readonly Finding[];
}

async function reproduce(one: Reproduction, context: ConvertContext): Promise<Outcome> {
  const { sourcePath, derivative } = one;
  await assertRegularFile(sourcePath);
  const headerless = toHeaderless(sourcePath);
  const version = await loadFileVersion(sourcePath);
  const identity = await identify(readFileChunks(sourcePath, context.signal), { headerless });
  const [expected, found] = [derivative.source.sha256, identity.sha256];
  if (expected !== found) return toChangedSource(one, { expected, found });
  // A copy is its source.
  if (derivative.ffmpeg === null) return judge(one, identity.sha256, context);
  const output = await encodeAgain(one, { source: assertConvertible(sourcePath, identity), version }, context);
  return judge(one, output.identity.sha256, context);
}

async function encodeAgain(
  { sourcePath, outputPath, derivative }: Reproduction,
  { source, version }: Pick<EncodableSource, "source" | "version">,
  context: ConvertContext,
): Promise<EncodedOutput> {
  const { callerChannel, ...settings } = derivative.settings;
  const profile = toProfile(derivative.format, { ...settings, cbr: settings.bitrateMode === "cbr" });
  const treatment = toTreatment(sourcePath, { source, profile }, { callerChannel, lossy: "allow" });
  // Nothing that a record says goes into a name, and a sandboxed ffmpeg can write in this folder alone.
  return withWorkingFolder("reproduce", async (folder) => {
    const outputs = [{ profile, treatment, path: outputPath, staged: new StagedFile(folder, "output") }];
    const [encoded] = await encodeTogether(
      [{ source, outputs, version, withLocalFile: (use) => use(sourcePath) }],
      context,
    );
    if (encoded === undefined) throw new Error("internal error: one source was given and none came back");
    if ("error" in encoded) throw encoded.error;
    const [output] = encoded.outputs;
    if (output === undefined) throw new Error("internal error: one output was wanted and none was made");
    if (output.fault !== undefined) throw output.fault;
    return output;
  });
}

function judge(one: Reproduction, foundSha256: string, { ffmpeg }: ConvertContext): Outcome {
  const { outputPath, derivative } = one;
  if (foundSha256 === derivative.sha256) {
    const result = { ...toResult(one, "reproduced"), foundSha256 };
    const { sizeBytes, structure } = derivative;
    return { ended: { type: "done", result, bytes: sizeBytes, audioSeconds: structure.durationSeconds }, findings: [] };
  }
  const made = derivative.ffmpeg;
  if (made !== null && made.sha256 !== ffmpeg.sha256) {
    const versions = `ffmpeg ${made.version} made it and this is ${ffmpeg.version}`;
    throw new FfmpegDiffersError(`other bytes, but with another program, which proves nothing: ${versions}`, {
      hint: `name the very program with --ffmpeg; its sha256 is ${made.sha256}`,
    });
  }
  const message =
    "made again from the same source with the same ffmpeg and settings, it has other bytes than the record says";
  const detail = { algorithm: "sha256", expected: derivative.sha256, found: foundSha256 } as const;
  const result = { ...toResult(one, "different"), foundSha256 };
  return {
    ended: { type: "skipped", result },
    findings: [{ kind: "digest-mismatch", subject: outputPath, message, detail }],
  };
}

function toChangedSource(one: Reproduction, { expected, found }: { expected: string; found: string }): Outcome {
  const { sourcePath } = one;
  const error = new DigestMismatchError({ subject: sourcePath, expected, found });
  const message = "the source is not the file that the record speaks of, so nothing was made from it";
  const detail = { algorithm: "sha256", expected, found } as const;
  return {
    ended: toFailedEnded(one, error),
    findings: [{ kind: "digest-mismatch", subject: sourcePath, message, detail }],
  };
}

function toFailedEnded(one: Reproduction, error: unknown): Ended<ReproduceResult> {
  if (!isHoldfastError(error)) throw error;
  return { type: "failed", subject: one.sourcePath, error, result: toResult(one, "failed") };
}

function toResult(
  { sourcePath, outputPath, derivative }: Reproduction,
  status: ReproduceResult["status"],
): ReproduceResult {
  const { profile, sha256, source } = derivative;
  return { source: { path: sourcePath, sha256: source.sha256 }, output: { path: outputPath, sha256 }, profile, status };
}
