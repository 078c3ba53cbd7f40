import { basename, dirname } from "node:path";
import { Readable } from "node:stream";
import { isHoldfastError } from "../core/errors.ts";
import type { Ended } from "../core/run-log.ts";
import { OWNER } from "../io/abandoned-files.ts";
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
import type { FileTarget } from "./file-job.ts";
import { type Made, toDerivative } from "./to-derivative.ts";
import type { Treatment } from "./treatment.ts";

/** An output beside its record, both still without their names. */
export interface FileOutput extends WantedOutput {
  readonly target: FileTarget;
  readonly staged: StagedFile;
}

/** What of a file's source and targets goes into names and records. */
export interface FileConversion {
  readonly job: ConvertJob;
  readonly source: ConvertibleSource;
  readonly overwrite: boolean;
  readonly context: ConvertContext;
}

/** The name itself may be as long as names can be; its beginning is enough for a person who looks into the folder. */
function toStagedName(path: string): string {
  return `.${[...basename(path)].slice(0, 40).join("")}.${OWNER}`;
}

/** Plans an output; nothing is created yet. */
export function toFileOutput(target: FileTarget, treatment: Treatment): FileOutput {
  const staged = new StagedFile(dirname(target.path), toStagedName(target.path));
  return { target, treatment, staged, path: target.path, profile: target.profile };
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
  const result = toConvertResult(made.run === undefined ? "copied" : "encoded", parts);
  const audioSeconds = conversion.source.structure.durationSeconds;
  return { type: "done", result, bytes: made.identity.sizeBytes, audioSeconds };
}

/** The record comes first: an output without one was never ours, a record without its output is of no harm. */
async function commitWithRecord(
  { target, treatment, staged }: FileOutput,
  { identity, run }: { readonly identity: Made["identity"]; readonly run: EncodingRun | undefined },
  { job, source, overwrite, context }: FileConversion,
): Promise<void> {
  const { path, profile, callerChannel } = target;
  const file = basename(path);
  const { remarks } = treatment;
  const made = {
    path,
    file,
    identity,
    profile,
    callerChannel,
    source: source.identity,
    remarks,
    run,
    nowMs: context.now(),
  };
  const recordPath = toRecordPath(path);
  const text = toRecordText(recordPath, { path: job.path, sizeBytes: job.sizeBytes }, toDerivative(made));
  const record = new StagedFile(dirname(path), toStagedName(recordPath));
  try {
    await record.write(Readable.from([Buffer.from(text)]), () => undefined);
    await Promise.all([record.seal(), staged.seal()]);
    await record.place(recordPath, { overwrite: true });
    await staged.commit(path, { overwrite });
  } catch (error) {
    await Promise.all([record.withdraw(), staged.withdraw()]);
    throw error;
  } finally {
    await record.discard();
  }
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
