import { toDefectFindings } from "../archive/defect-findings.ts";
import { type Identity, identify, toHeaderless } from "../audio/identify.ts";
import { DigestMismatchError, isHoldfastError } from "../core/errors.ts";
import type { CallerChannel } from "../core/profile.ts";
import type { Ended } from "../core/run-log.ts";
import { isStorageFull } from "../io/errors.ts";
import { loadFileVersion } from "../io/file-version.ts";
import type { InputFile } from "../io/find-inputs.ts";
import { readFileChunks } from "../io/read-file.ts";
import type { ConvertContext, ConvertJob, ConvertTarget, PreparedJob } from "./convert-job.ts";
import { type ConvertResult, describeIdentity, toConvertResult, toFailedTarget } from "./convert-result.ts";
import { assertConvertible, type ConvertibleSource } from "./convertible-source.ts";
import { OutputExistsError } from "./errors.ts";
import { estimateSeconds } from "./estimate-seconds.ts";
import { isMadeFromFile, isOutputOf, judgeExisting } from "./existing-output.ts";
import {
  type FileConversion,
  FileEncoding,
  type FileOutput,
  keepFile,
  type Standing,
  toFileOutput,
} from "./file-encoding.ts";
import { type Treatment, toTreatment } from "./treatment.ts";

/** What is done about a file that stands where an output belongs. */
export const CONFLICT_POLICIES = ["skip", "replace", "fail"] as const;
export type ConflictPolicy = (typeof CONFLICT_POLICIES)[number];

/** An output of a {@link FileJob}. */
export interface FileTarget extends ConvertTarget {
  readonly callerChannel: CallerChannel | undefined;
  /** Whether something stands there already. */
  readonly exists: boolean;
  /** Whether it is among the inputs, by whatever name; none is ever replaced but for one that was made from this source. */
  readonly isSource: boolean;
  /** Whether it is the very source that it is to be made from. */
  readonly isItself: boolean;
}

/** A file outside the archive, converted to files beside it or in a folder. */
export class FileJob implements ConvertJob {
  readonly path: string;
  readonly sizeBytes: number;
  readonly estimatedSeconds: number;
  readonly targets: readonly FileTarget[];
  readonly #onConflict: ConflictPolicy;

  constructor({ path, sizeBytes }: InputFile, targets: readonly FileTarget[], onConflict: ConflictPolicy) {
    this.path = path;
    this.sizeBytes = sizeBytes;
    this.estimatedSeconds = estimateSeconds(path, sizeBytes);
    this.targets = targets;
    this.#onConflict = onConflict;
  }

  async prepare(context: ConvertContext): Promise<PreparedJob> {
    const version = await loadFileVersion(this.path);
    const identity = await identify(readFileChunks(this.path, context.signal), { headerless: toHeaderless(this.path) });
    const source = assertConvertible(this.path, identity);
    const conversion = { job: this, source, version, context };
    const ended: Ended<ConvertResult>[] = [];
    const outputs: FileOutput[] = [];
    for (const target of this.targets) {
      try {
        const next = await this.#prepareTarget(target, conversion);
        if ("type" in next) ended.push(next);
        else outputs.push(next);
      } catch (error) {
        if (!isHoldfastError(error) || isStorageFull(error)) throw error;
        ended.push(toFailedTarget(error, this.#toParts(target, source)));
      }
    }
    const encoding = outputs.length === 0 ? undefined : new FileEncoding(conversion, outputs);
    return { ended, findings: toDefectFindings(this.path, source.structure.defects), encoding };
  }

  async #prepareTarget(target: FileTarget, conversion: FileConversion): Promise<Ended<ConvertResult> | FileOutput> {
    const { source, context } = conversion;
    const { callerChannel, profile } = target;
    const treatment = toTreatment(this.path, { source, profile }, { callerChannel, lossy: context.lossy });
    if (target.isItself) return this.#keepSource(target, source, treatment);
    const standing = await this.#judge(target, conversion);
    if (typeof standing !== "string") return this.#toAlready(target, source, standing);
    const output = toFileOutput(target, treatment, standing);
    return treatment.conforms ? this.#copy(output, conversion) : output;
  }

  /** Decides what is done about what stands where the output belongs. */
  async #judge(target: FileTarget, { source, context }: FileConversion): Promise<Standing | Identity> {
    const { path, profile, callerChannel } = target;
    if (!target.exists) return "free";
    if (this.#onConflict === "fail") throw new OutputExistsError(`${path} is there already: --on-conflict fail`);
    if (this.#onConflict === "skip") {
      const wanted = { source: source.identity, profile, callerChannel, check: context.check };
      return (await judgeExisting(path, wanted, context.signal)) ?? "unproven";
    }
    const isSource = target.isSource && !(await isOutputOf(path, source.identity));
    if (isSource || (await isMadeFromFile(this.path, path))) throw toSourceKept(target);
    return "replaced";
  }

  /** A source that is to be converted to what it is already, in its own place. */
  #keepSource(target: FileTarget, source: ConvertibleSource, { conforms }: Treatment): Ended<ConvertResult> {
    if (!conforms || this.#onConflict === "fail") {
      throw toSourceKept(target);
    }
    return this.#toAlready(target, source, source.identity);
  }

  #toAlready(target: FileTarget, source: ConvertibleSource, identity: Identity): Ended<ConvertResult> {
    const output = describeIdentity(target.path, identity);
    return { type: "skipped", result: toConvertResult("already", { ...this.#toParts(target, source), output }) };
  }

  /** Nothing is better than the bytes themselves where they are what is wanted. */
  async #copy(output: FileOutput, conversion: FileConversion): Promise<Ended<ConvertResult>> {
    const { source, context } = conversion;
    try {
      await output.staged.write(readFileChunks(this.path, context.signal), () => undefined);
      const identity = await identify(readFileChunks(output.staged.path, context.signal));
      const [expected, found] = [source.identity.sha256, identity.sha256];
      if (expected !== found) throw new DigestMismatchError({ subject: this.path, expected, found });
      return await keepFile(output, { identity, run: undefined }, conversion);
    } finally {
      await output.staged.discard();
    }
  }

  #toParts({ path, profile }: FileTarget, { identity }: ConvertibleSource) {
    return { source: describeIdentity(this.path, identity), output: { path }, profile };
  }
}

function toSourceKept({ path }: FileTarget): OutputExistsError {
  return new OutputExistsError(`${path} is there already: a source is never replaced`);
}
