import { basename, dirname, relative } from "node:path";
import { Readable } from "node:stream";
import { type Identity, identify } from "../audio/identify.ts";
import { isHoldfastError } from "../core/errors.ts";
import type { Ended } from "../core/run-log.ts";
import { OWNER } from "../io/abandoned-files.ts";
import { readFileChunks } from "../io/read-file.ts";
import { StagedFile } from "../io/staged-file.ts";
import { toRecordPath, toRecordText } from "./conversion-record.ts";
import type { ConvertContext, ConvertJob, Encoding } from "./convert-job.ts";
import {
  type ConvertResult,
  describeIdentity,
  type ResultParts,
  toConvertResult,
  toFailedTarget,
} from "./convert-result.ts";
import type { ConvertibleSource } from "./convertible-source.ts";
import type { Encoded, EncodedOutput, EncodingRun, WantedOutput } from "./encode.ts";
import { OutputExistsError } from "./errors.ts";
import type { FileTarget } from "./file-job.ts";
import { type Made, toDerivative } from "./to-derivative.ts";
import type { Treatment } from "./treatment.ts";

/**
 * What stands where an output belongs: nothing; a file that only making it again can tell to be the output; or one that is to be
 * replaced.
 */
export type Standing = "free" | "unproven" | "replaced";

/** An output beside its record, both still without their names. */
export interface FileOutput extends WantedOutput {
  readonly standing: Standing;
  readonly target: FileTarget;
  readonly staged: StagedFile;
}

/** What of a file's source and targets goes into names and records. */
export interface FileConversion {
  readonly job: ConvertJob;
  readonly source: ConvertibleSource;
  /** Of the source, before it was read; see {@link loadFileVersion}. */
  readonly version: string;
  readonly context: ConvertContext;
}

/** The name itself may be as long as names can be; its beginning is enough for a person who looks into the folder. */
function toStagedName(path: string): string {
  return `.${[...basename(path)].slice(0, 40).join("")}.${OWNER}`;
}

/** Plans an output; nothing is created yet. */
export function toFileOutput(target: FileTarget, treatment: Treatment, standing: Standing): FileOutput {
  const staged = new StagedFile(dirname(target.path), toStagedName(target.path));
  return { target, treatment, standing, staged, path: target.path, profile: target.profile };
}

/** A file outside the archive that is to be encoded. */
export class FileEncoding implements Encoding {
  readonly job: ConvertJob;
  readonly source: ConvertibleSource;
  readonly outputs: readonly FileOutput[];
  readonly #conversion: FileConversion;

  constructor(conversion: FileConversion, outputs: readonly FileOutput[]) {
    this.job = conversion.job;
    this.source = conversion.source;
    this.outputs = outputs;
    this.#conversion = conversion;
  }

  get version(): string {
    return this.#conversion.version;
  }

  withLocalFile<T>(use: (path: string) => Promise<T>): Promise<T> {
    return use(this.job.path);
  }

  async keep(encoded: Encoded): Promise<readonly Ended<ConvertResult>[]> {
    if ("error" in encoded) return this.fail(encoded.error);
    return Promise.all(encoded.outputs.map((output) => this.#keepOne(output)));
  }

  fail(error: unknown): readonly Ended<ConvertResult>[] {
    const source = describeIdentity(this.job.path, this.source.identity);
    return this.outputs.map(({ path, profile }) => toFailedTarget(error, { source, output: { path }, profile }));
  }

  #keepOne({ identity, run, fault, path }: EncodedOutput): Promise<Ended<ConvertResult>> | Ended<ConvertResult> {
    const output = this.outputs.find((wanted) => wanted.path === path);
    if (output === undefined) throw new Error(`internal error: nobody wanted ${path}`);
    const made = { identity, run };
    if (fault === undefined) return keepFile(output, made, this.#conversion);
    return toFailedTarget(fault, toParts(output, made, this.#conversion));
  }
}

/** Gives an output its name, with its record beside it, and tells how that ended. */
export async function keepFile(
  output: FileOutput,
  made: Pick<Made, "identity" | "run">,
  conversion: FileConversion,
): Promise<Ended<ConvertResult>> {
  const parts = toParts(output, made, conversion);
  try {
    await commitWithRecord(output, made, conversion);
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    return toFailedTarget(error, parts);
  }
  if (output.standing === "unproven") return { type: "skipped", result: toConvertResult("already", parts) };
  const result = toConvertResult(made.run === undefined ? "copied" : "encoded", parts);
  const audioSeconds = conversion.source.structure.durationSeconds;
  return { type: "done", result, bytes: made.identity.sizeBytes, audioSeconds };
}

/**
 * The output comes first, and never over what another run has put there meanwhile. A kill between the two leaves an output
 * without its record, which the next run makes again and finds to be the same.
 */
async function commitWithRecord(
  output: FileOutput,
  made: Pick<Made, "identity" | "run">,
  conversion: FileConversion,
): Promise<void> {
  const { path, staged, standing } = output;
  const recordPath = toRecordPath(path);
  const record = new StagedFile(dirname(path), toStagedName(recordPath));
  try {
    await record.write(Readable.from([Buffer.from(toText(output, made, conversion))]), () => undefined);
    await Promise.all([record.seal(), staged.seal()]);
    if (standing === "unproven") await assertSameBytes(path, made.identity);
    else await staged.place(path, { overwrite: standing === "replaced" });
    await record.commit(recordPath, { overwrite: true });
  } finally {
    await record.discard();
  }
}

async function assertSameBytes(path: string, { sha256 }: Identity): Promise<void> {
  const existing = await identify(readFileChunks(path));
  if (existing.sha256 === sha256) return;
  throw new OutputExistsError(`${path} is there already: what is made of the source now has other bytes`, {
    hint: "--on-conflict replace makes it anew, --out puts it elsewhere",
  });
}

function toText(
  { path, target: { profile, callerChannel }, treatment: { remarks } }: FileOutput,
  { identity, run }: Pick<Made, "identity" | "run">,
  { job, source, context }: FileConversion,
): string {
  const told = context.isForOthers && run !== undefined ? toTellable(run, { path, sourcePath: job.path }) : run;
  const file = basename(path);
  const about = { path, file, identity, profile, callerChannel, source: source.identity, remarks, run: told };
  const derivative = toDerivative({ ...about, check: context.check, nowMs: context.now() });
  return toRecordText(toRecordPath(path), { path: job.path, sizeBytes: job.sizeBytes }, derivative);
}

/** Names files as whoever stands in the record's folder would. */
function toTellable(
  run: EncodingRun,
  { path, sourcePath }: { readonly path: string; readonly sourcePath: string },
): EncodingRun {
  const source = `file:${relative(dirname(path), sourcePath)}`;
  const named = run.arguments.map((argument, at) => (run.arguments[at - 1] === "-i" ? source : argument));
  const { ffmpeg } = run;
  return {
    ...run,
    ffmpeg: { ...ffmpeg, path: basename(ffmpeg.path) },
    arguments: [...named.slice(0, -1), `file:${basename(path)}`],
  };
}

function toParts(
  { path, profile, treatment }: FileOutput,
  { identity, run }: Pick<Made, "identity" | "run">,
  { job, source }: FileConversion,
): ResultParts {
  return {
    source: describeIdentity(job.path, source.identity),
    output: describeIdentity(path, identity),
    profile,
    run,
    remarks: treatment.remarks,
  };
}
