import type { Slots } from "../async/slots.ts";
import type { Finding } from "../core/finding.ts";
import type { Profile } from "../core/profile.ts";
import type { Ended, PlanFailure } from "../core/run-log.ts";
import type { Confinement } from "../ffmpeg/confinement.ts";
import type { Ffmpeg } from "../ffmpeg/ffmpeg.ts";
import type { ConvertResult } from "./convert-result.ts";
import type { EncodableSource, Encoded } from "./encode.ts";
import type { LossyPolicy } from "./treatment.ts";

/** How thoroughly an output is held against its source before it gets its name. */
export const CHECK_LEVELS = ["structure", "deep"] as const;
export type CheckLevel = (typeof CHECK_LEVELS)[number];

/** One output that a plan wants. */
export interface ConvertTarget {
  readonly profile: Profile;
  /** Where the output will stand, as reports name it. */
  readonly path: string;
}

/** What jobs need while they run. */
export interface ConvertContext {
  readonly ffmpeg: Ffmpeg;
  readonly confinement: Confinement;
  /** How many runs of ffmpeg may be under way. */
  readonly slots: Slots;
  readonly lossy: LossyPolicy;
  readonly check: CheckLevel;
  /** Whether records name files from their own folder on, and not where they lie on this machine. @default false */
  readonly isForOthers?: boolean;
  readonly signal: AbortSignal | undefined;
  readonly now: () => number;
}

/** A source that was read, with what needs no encoding already ended. */
export interface PreparedJob {
  readonly ended: readonly Ended<ConvertResult>[];
  readonly findings: readonly Finding[];
  /** What is left to be done; undefined when nothing is. */
  readonly encoding: Encoding | undefined;
}

/** What is to be encoded of one job. */
export interface Encoding extends EncodableSource {
  readonly job: ConvertJob;
  /** Gives the good outputs their names, and tells how each ended. */
  keep(encoded: Encoded): Promise<readonly Ended<ConvertResult>[]>;
  /** Tells that none of the outputs was made. */
  fail(error: unknown): readonly Ended<ConvertResult>[];
}

/** One source with the outputs that are to be made from it. */
export interface ConvertJob {
  /** The source as reports name it. */
  readonly path: string;
  readonly sizeBytes: number;
  /** How long it is, as far as that is known without reading it; orders the work and nothing else. */
  readonly estimatedSeconds: number;
  readonly targets: readonly ConvertTarget[];

  /**
   * Reads the source, and sees to every target that needs no encoding: it is there already, the source is what is
   * wanted, or it must not be made.
   *
   * @throws {HoldfastError} nothing can be made of it.
   */
  prepare(context: ConvertContext): Promise<PreparedJob>;
}

/** All that a conversion will do, the longest source first, so that no run ends with one long file and idle cores. */
export interface ConvertPlan {
  readonly jobs: readonly ConvertJob[];
  /** Where outputs are made that no archive looks after. */
  readonly outputFolders: readonly string[];
  /** Inputs that stand for nothing, or recordings whose sidecar cannot be read. */
  readonly failures: readonly PlanFailure[];
  /** What was left out and why, a sentence each. */
  readonly remarks: readonly string[];
}

/** Puts the longest source first. */
export function byLengthDescending(
  a: { readonly estimatedSeconds: number },
  b: { readonly estimatedSeconds: number },
): number {
  return b.estimatedSeconds - a.estimatedSeconds;
}
