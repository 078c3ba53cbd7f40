import { posix } from "node:path";
import type { Archive, NewDerivative, StagedObject } from "../archive/archive.ts";
import { toDefectFindings } from "../archive/defect-findings.ts";
import type { Derivative } from "../archive/schema.ts";
import { type LocatedSidecar, toSiblingKey } from "../archive/sidecar.ts";
import { identify } from "../audio/identify.ts";
import type { Sha256Hex } from "../core/digest.ts";
import { DigestMismatchError, isHoldfastError } from "../core/errors.ts";
import type { CallerChannel } from "../core/profile.ts";
import type { Ended } from "../core/run-log.ts";
import type { StorageKey } from "../core/storage-key.ts";
import { loadFileVersion } from "../io/file-version.ts";
import type { ConvertContext, ConvertJob, ConvertTarget, Encoding, PreparedJob } from "./convert-job.ts";
import {
  type ConvertResult,
  describeStored,
  type ResultParts,
  toConvertResult,
  toFailedTarget,
} from "./convert-result.ts";
import { assertConvertible, type ConvertibleSource } from "./convertible-source.ts";
import type { Encoded, EncodedOutput, WantedOutput } from "./encode.ts";
import { toDerivative } from "./to-derivative.ts";
import { toTreatment } from "./treatment.ts";

/** An output of an {@link ArchiveJob}. */
export interface ArchiveTarget extends ConvertTarget {
  readonly key: StorageKey;
  /** The record of the same conversion, if it was made and its file is there. */
  readonly made: Derivative | undefined;
}

/** What an {@link ArchiveJob} works on. */
export interface ArchiveConversion {
  readonly archive: Archive;
  readonly located: LocatedSidecar;
  readonly callerChannel: CallerChannel | undefined;
}

interface ArchiveOutput extends WantedOutput {
  readonly staged: StagedObject;
}

/** An original of the archive, converted to derivatives beside it. */
export class ArchiveJob implements ConvertJob {
  readonly path: string;
  readonly sizeBytes: number;
  readonly estimatedSeconds: number;
  readonly targets: readonly ArchiveTarget[];
  readonly #conversion: ArchiveConversion;

  constructor(conversion: ArchiveConversion, targets: readonly ArchiveTarget[]) {
    const { archive, located } = conversion;
    const { original } = located.sidecar;
    this.path = archive.toPath(toSiblingKey(located.key, original.file));
    this.sizeBytes = original.sizeBytes;
    this.estimatedSeconds = original.structure.durationSeconds;
    this.targets = targets;
    this.#conversion = conversion;
  }

  async prepare(context: ConvertContext): Promise<PreparedJob> {
    const { archive, located } = this.#conversion;
    const { original } = located.sidecar;
    const kept = this.targets.flatMap((target) =>
      target.made === undefined ? [] : [this.#toKept(target, target.made)],
    );
    const wanted = this.targets.filter((target) => target.made === undefined);
    if (wanted.length === 0) return { ended: kept, findings: [], encoding: undefined };
    const version = await this.#loadVersion();
    const identity = await identify(archive.readAudio(located, original, context.signal));
    if (identity.sha256 !== original.sha256) return this.#refuseChanged([...kept], wanted, identity.sha256);
    const source = assertConvertible(this.path, identity);
    const prepared = wanted.map((target) => this.#prepareTarget(target, source, context));
    const outputs = prepared.flatMap((one) => ("type" in one ? [] : [one]));
    const ended = [...kept, ...prepared.flatMap((one) => ("type" in one ? [one] : []))];
    const encoding =
      outputs.length === 0
        ? undefined
        : new ArchiveEncoding(this, { ...this.#conversion, source, version, context }, outputs);
    return { ended, findings: toDefectFindings(this.path, original.structure.defects), encoding };
  }

  #loadVersion(): Promise<string> {
    const { archive, located } = this.#conversion;
    return archive.withLocalFile(toSiblingKey(located.key, located.sidecar.original.file), loadFileVersion);
  }

  /** Where the original is what is wanted, a copy beside it would only take room: it serves itself. */
  #prepareTarget(
    { path, profile, key }: ArchiveTarget,
    source: ConvertibleSource,
    { lossy }: ConvertContext,
  ): Ended<ConvertResult> | ArchiveOutput {
    const { archive, callerChannel } = this.#conversion;
    const described = this.#describeSource();
    try {
      const treatment = toTreatment(this.path, { source, profile }, { callerChannel, lossy });
      if (!treatment.conforms) return { path, profile, treatment, staged: archive.stage(posix.basename(key)) };
      const { remarks } = treatment;
      const result = toConvertResult("already", { source: described, output: described, profile, remarks });
      return { type: "skipped", result };
    } catch (error) {
      if (!isHoldfastError(error)) throw error;
      return toFailedTarget(error, { source: described, output: { path }, profile });
    }
  }

  /** Nothing is made from an original that is not the one that was stored. */
  #refuseChanged(
    kept: readonly Ended<ConvertResult>[],
    wanted: readonly ArchiveTarget[],
    found: Sha256Hex,
  ): PreparedJob {
    const expected = this.#conversion.located.sidecar.original.sha256;
    const error = new DigestMismatchError({ subject: this.path, expected, found });
    const source = this.#describeSource();
    const refused = wanted.map(({ path, profile }) => toFailedTarget(error, { source, output: { path }, profile }));
    const message = "the original is not the file that was stored, so nothing was made from it";
    const detail = { algorithm: "sha256", expected, found } as const;
    const findings = [{ kind: "digest-mismatch", subject: this.path, message, detail }] as const;
    return { ended: [...kept, ...refused], findings, encoding: undefined };
  }

  #toKept({ path, profile }: ArchiveTarget, made: Derivative): Ended<ConvertResult> {
    const output = describeStored(path, made);
    return { type: "skipped", result: toConvertResult("already", { source: this.#describeSource(), output, profile }) };
  }

  #describeSource() {
    return describeStored(this.path, this.#conversion.located.sidecar.original);
  }
}

/** An {@link ArchiveConversion} whose original was read. */
interface ReadConversion extends ArchiveConversion {
  readonly source: ConvertibleSource;
  /** Of the original, before it was read; see {@link loadFileVersion}. */
  readonly version: string;
  readonly context: ConvertContext;
}

/** What is to be encoded of an original of the archive. */
class ArchiveEncoding implements Encoding {
  readonly job: ArchiveJob;
  readonly source: ConvertibleSource;
  readonly version: string;
  readonly copyOf: string | undefined;
  readonly outputs: readonly ArchiveOutput[];
  readonly #conversion: ReadConversion;

  constructor(job: ArchiveJob, conversion: ReadConversion, outputs: readonly ArchiveOutput[]) {
    const isEncrypted = conversion.located.sidecar.original.stored !== undefined;
    this.job = job;
    this.copyOf = isEncrypted ? job.path : undefined;
    this.source = conversion.source;
    this.version = conversion.version;
    this.outputs = outputs;
    this.#conversion = conversion;
  }

  withLocalFile<T>(use: (path: string) => Promise<T>): Promise<T> {
    const { archive, located, context } = this.#conversion;
    return archive.withPlainFile(located, located.sidecar.original, { use, signal: context.signal });
  }

  async keep(encoded: Encoded): Promise<readonly Ended<ConvertResult>[]> {
    if ("error" in encoded) return this.fail(encoded.error);
    const made = encoded.outputs.filter(({ fault }) => fault === undefined).map((output) => this.#toNew(output));
    try {
      const { archive, located } = this.#conversion;
      if (made.length > 0) await archive.storeDerivatives(located, made);
    } catch (error) {
      if (!isHoldfastError(error)) throw error;
      return encoded.outputs.map((output) => toFailedTarget(output.fault ?? error, this.#toParts(output)));
    }
    return encoded.outputs.map((output) => this.#toEnded(output, made));
  }

  fail(error: unknown): readonly Ended<ConvertResult>[] {
    return this.outputs.map((output) => toFailedTarget(error, this.#toParts(output)));
  }

  #toNew({ path, identity, profile, treatment: { remarks }, run }: EncodedOutput): NewDerivative {
    const { callerChannel, context } = this.#conversion;
    const staged = this.outputs.find((output) => output.path === path)?.staged;
    if (staged === undefined) throw new Error(`internal error: nobody wanted ${path}`);
    const made = { path, file: posix.basename(path), identity, profile, callerChannel, remarks, run };
    const { check, now } = context;
    return { staged, derivative: toDerivative({ ...made, source: this.source.identity, check, nowMs: now() }) };
  }

  #toEnded(output: EncodedOutput, made: readonly NewDerivative[]): Ended<ConvertResult> {
    const parts = this.#toParts(output);
    if (output.fault !== undefined) return toFailedTarget(output.fault, parts);
    const stored = made.find(({ staged }) => staged === output.staged)?.derivative;
    if (stored === undefined) throw new Error(`internal error: ${output.path} was not stored`);
    const result = toConvertResult("encoded", { ...parts, output: describeStored(output.path, stored) });
    return { type: "done", result, bytes: stored.sizeBytes, audioSeconds: this.source.structure.durationSeconds };
  }

  #toParts({ path, profile, treatment, run }: WantedOutput & Partial<Pick<EncodedOutput, "run">>): ResultParts {
    const source = describeStored(this.job.path, this.#conversion.located.sidecar.original);
    return { source, output: { path }, profile, run, remarks: treatment.remarks };
  }
}
