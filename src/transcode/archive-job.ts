import { posix } from "node:path";
import type { Archive, NewDerivative, StagedObject } from "../archive/archive.ts";
import { toDefectFindings } from "../archive/defect-findings.ts";
import type { Derivative } from "../archive/schema.ts";
import { type LocatedSidecar, toSiblingKey } from "../archive/sidecar.ts";
import { toStoredAudio } from "../archive/stored-audio.ts";
import { identify } from "../audio/identify.ts";
import { toIsoInstant } from "../core/clock.ts";
import type { Sha256Hex } from "../core/digest.ts";
import { DigestMismatchError } from "../core/errors.ts";
import { toProfileName } from "../core/profile.ts";
import type { Ended } from "../core/run-log.ts";
import type { StorageKey } from "../core/storage-key.ts";
import { TOOL_VERSION } from "../core/tool-version.ts";

import type { ConvertContext, ConvertJob, ConvertTarget, JobOutcome } from "./convert-job.ts";
import { type ConvertResult, describeStored, toConvertResult } from "./convert-result.ts";
import { assertConvertible, type ConvertibleSource } from "./convertible-source.ts";
import { type EncodedOutput, encode } from "./encode.ts";
import { withStagedOutputs } from "./staged-outputs.ts";

/** An output of an {@link ArchiveJob}. */
export interface ArchiveTarget extends ConvertTarget {
  readonly key: StorageKey;
  /** The record of the same conversion, if it was made and its file is there. */
  readonly made: Derivative | undefined;
}

/** An original of the archive, converted to derivatives beside it. */
export class ArchiveJob implements ConvertJob {
  readonly path: string;
  readonly sizeBytes: number;
  readonly targets: readonly ArchiveTarget[];
  readonly #archive: Archive;
  readonly #located: LocatedSidecar;

  constructor(archive: Archive, located: LocatedSidecar, targets: readonly ArchiveTarget[]) {
    const { original } = located.sidecar;
    this.path = archive.toPath(toSiblingKey(located.key, original.file));
    this.sizeBytes = original.sizeBytes;
    this.targets = targets;
    this.#archive = archive;
    this.#located = located;
  }

  async run(context: ConvertContext): Promise<JobOutcome> {
    const kept = this.targets.flatMap((target) =>
      target.made === undefined ? [] : [this.#toKept(target, target.made)],
    );
    const wanted = this.targets.filter((target) => target.made === undefined);
    if (wanted.length === 0) return { ended: kept, findings: [] };
    const { original } = this.#located.sidecar;
    const key = toSiblingKey(this.#located.key, original.file);
    const identity = await identify(this.#archive.read(key, context.signal));
    if (identity.sha256 !== original.sha256) return this.#refuseChanged(wanted, identity.sha256);
    const source = assertConvertible(this.path, identity);
    const made = await this.#archive.withLocalFile(key, (localPath) =>
      this.#encode(wanted, { ...source, localPath }, context),
    );
    return { ended: [...kept, ...made], findings: toDefectFindings(this.path, original.structure.defects) };
  }

  /** Nothing is made from an original that is not the one that was stored. */
  #refuseChanged(wanted: readonly ArchiveTarget[], found: Sha256Hex): JobOutcome {
    const expected = this.#located.sidecar.original.sha256;
    const error = new DigestMismatchError({ subject: this.path, expected, found });
    const ended = wanted.map(({ path, profile }): Ended<ConvertResult> => {
      const result = toConvertResult("refused", { source: this.#describeSource(), output: { path }, profile });
      return { type: "failed", subject: this.path, error, result };
    });
    const message = "the original is not the file that was stored, so nothing was made from it";
    const detail = { algorithm: "sha256", expected, found } as const;
    return { ended, findings: [{ kind: "digest-mismatch", subject: this.path, message, detail }] };
  }

  async #encode(
    wanted: readonly ArchiveTarget[],
    source: ConvertibleSource & { readonly localPath: string },
    context: ConvertContext,
  ): Promise<readonly Ended<ConvertResult>[]> {
    const outputs = wanted.map((target) => ({ ...target, staged: this.#archive.stage(posix.basename(target.key)) }));
    return withStagedOutputs(outputs, async () => {
      const encoded = await encode(source, outputs, context);
      const good = encoded.filter((output) => output.fault === undefined);
      const made = good.map((output) => ({
        staged: output.staged,
        derivative: this.#toDerivative(output, source, context),
      }));
      if (made.length > 0) await this.#archive.storeDerivatives(this.#located, made);
      return encoded.map((output) => this.#toEnded(output, source, made));
    });
  }

  #toDerivative(
    output: EncodedOutput<StagedObject>,
    { identity }: ConvertibleSource,
    { now }: ConvertContext,
  ): Derivative {
    const { path, version, sha256 } = output.run.ffmpeg;
    return {
      ...toStoredAudio(output.path, output.identity, () => posix.basename(output.path)),
      profile: toProfileName(output.profile),
      source: { sha256: identity.sha256, packetSha256: identity.packetSha256 ?? null },
      ffmpeg: { path, version, sha256 },
      arguments: [...output.run.arguments],
      elapsedMs: output.run.elapsedMs,
      madeAt: toIsoInstant(now()),
      tool: { name: "holdfast", version: TOOL_VERSION },
    };
  }

  #toEnded(
    output: EncodedOutput<StagedObject>,
    source: ConvertibleSource,
    made: readonly NewDerivative[],
  ): Ended<ConvertResult> {
    const parts = { source: this.#describeSource(), profile: output.profile, run: output.run };
    const derivative = made.find(({ staged }) => staged === output.staged)?.derivative;
    if (derivative === undefined) {
      const result = toConvertResult("failed", { ...parts, output: { path: output.path } });
      return { type: "failed", subject: this.path, error: output.fault, result };
    }
    const result = toConvertResult("encoded", { ...parts, output: describeStored(output.path, derivative) });
    return { type: "done", result, bytes: derivative.sizeBytes, audioSeconds: source.structure.durationSeconds };
  }

  #toKept({ path, profile }: ArchiveTarget, made: Derivative): Ended<ConvertResult> {
    const result = toConvertResult("already", {
      source: this.#describeSource(),
      output: describeStored(path, made),
      profile,
    });
    return { type: "skipped", result };
  }

  #describeSource() {
    return describeStored(this.path, this.#located.sidecar.original);
  }
}
