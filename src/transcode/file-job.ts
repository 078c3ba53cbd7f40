import { dirname } from "node:path";
import { toDefectFindings } from "../archive/defect-findings.ts";
import { identify } from "../audio/identify.ts";
import { isHoldfastError } from "../core/errors.ts";
import { toProfileName } from "../core/profile.ts";
import type { Ended } from "../core/run-log.ts";
import { isStorageFull } from "../io/errors.ts";
import type { InputFile } from "../io/find-inputs.ts";
import { readFileChunks } from "../io/read-file.ts";
import { StagedFile } from "../io/staged-file.ts";
import type { ConvertContext, ConvertJob, ConvertTarget, JobOutcome } from "./convert-job.ts";
import { type ConvertResult, describeIdentity, toConvertResult } from "./convert-result.ts";
import { assertConvertible, type ConvertibleSource } from "./convertible-source.ts";
import { type EncodedOutput, encode } from "./encode.ts";
import { OutputExistsError } from "./errors.ts";
import { checkOutput } from "./output-check.ts";
import { withStagedOutputs } from "./staged-outputs.ts";

/** What is done about a file that stands where an output belongs. */
export const CONFLICT_POLICIES = ["skip", "replace", "fail"] as const;
export type ConflictPolicy = (typeof CONFLICT_POLICIES)[number];

/** An output of a {@link FileJob}. */
export interface FileTarget extends ConvertTarget {
  /** Whether something stands there already. */
  readonly exists: boolean;
  /** Whether it is a source of this run, by whatever name; none is ever replaced. */
  readonly isSource: boolean;
}

/** A file outside the archive, converted to files beside it or in a folder. */
export class FileJob implements ConvertJob {
  readonly path: string;
  readonly sizeBytes: number;
  readonly targets: readonly FileTarget[];
  readonly #onConflict: ConflictPolicy;

  constructor({ path, sizeBytes }: InputFile, targets: readonly FileTarget[], onConflict: ConflictPolicy) {
    this.path = path;
    this.sizeBytes = sizeBytes;
    this.targets = targets;
    this.#onConflict = onConflict;
  }

  async run(context: ConvertContext): Promise<JobOutcome> {
    const identity = await identify(readFileChunks(this.path, context.signal));
    const source = assertConvertible(this.path, identity);
    const ended: Ended<ConvertResult>[] = [];
    const wanted: FileTarget[] = [];
    for (const target of this.targets) {
      if (target.isSource || (target.exists && this.#onConflict !== "replace")) {
        ended.push(await this.#keepExisting(target, source, context));
      } else {
        wanted.push(target);
      }
    }
    if (wanted.length > 0) ended.push(...(await this.#encode(wanted, source, context)));
    return { ended, findings: toDefectFindings(this.path, source.structure.defects) };
  }

  async #encode(
    wanted: readonly FileTarget[],
    source: ConvertibleSource,
    { ffmpeg, signal }: ConvertContext,
  ): Promise<readonly Ended<ConvertResult>[]> {
    const outputs = wanted.map((target) => ({
      ...target,
      staged: new StagedFile(dirname(target.path), `.${toProfileName(target.profile)}`),
    }));
    return withStagedOutputs(outputs, async () => {
      const encoded = await encode({ ...source, localPath: this.path }, outputs, { ffmpeg, signal });
      const ended: Ended<ConvertResult>[] = [];
      for (const output of encoded) ended.push(await this.#commit(output, source));
      return ended;
    });
  }

  async #commit(output: EncodedOutput<StagedFile>, source: ConvertibleSource): Promise<Ended<ConvertResult>> {
    const parts = {
      source: describeIdentity(this.path, source.identity),
      output: describeIdentity(output.path, output.identity),
      profile: output.profile,
      run: output.run,
    };
    if (output.fault !== undefined) {
      return { type: "failed", subject: this.path, error: output.fault, result: toConvertResult("failed", parts) };
    }
    try {
      await output.staged.commit(output.path, { overwrite: this.#onConflict === "replace" });
    } catch (error) {
      if (!isHoldfastError(error) || isStorageFull(error)) throw error;
      return { type: "failed", subject: this.path, error, result: toConvertResult("failed", parts) };
    }
    const audioSeconds = source.structure.durationSeconds;
    return { type: "done", result: toConvertResult("encoded", parts), bytes: output.identity.sizeBytes, audioSeconds };
  }

  /** What stands there counts as this conversion only if it passes the very check that a new output passes. */
  async #keepExisting(
    target: FileTarget,
    source: ConvertibleSource,
    { signal }: ConvertContext,
  ): Promise<Ended<ConvertResult>> {
    const identity = await identify(readFileChunks(target.path, signal));
    const parts = {
      source: describeIdentity(this.path, source.identity),
      output: describeIdentity(target.path, identity),
      profile: target.profile,
    };
    const problems = checkOutput(source.structure, target.profile, identity);
    if (problems.length === 0 && this.#onConflict !== "fail") {
      return { type: "skipped", result: toConvertResult("already", parts) };
    }
    const why = target.isSource ? "a source is never replaced" : (problems[0] ?? "--on-conflict fail");
    const error = new OutputExistsError(`${target.path} is there already: ${why}`);
    return { type: "failed", subject: this.path, error, result: toConvertResult("refused", parts) };
  }
}
