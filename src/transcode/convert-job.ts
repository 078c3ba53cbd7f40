import type { Finding } from "../core/finding.ts";
import type { Profile } from "../core/profile.ts";
import type { Ended, PlanFailure } from "../core/run-log.ts";
import type { Ffmpeg } from "../ffmpeg/ffmpeg.ts";
import type { ConvertResult } from "./convert-result.ts";

/** One output that a plan wants. */
export interface ConvertTarget {
  readonly profile: Profile;
  /** Where the output will stand, as reports name it. */
  readonly path: string;
}

/** What a job needs while it runs. */
export interface ConvertContext {
  readonly ffmpeg: Ffmpeg;
  readonly signal: AbortSignal | undefined;
  readonly now: () => number;
}

/** How a job ended: each of its outputs, and what was found on the way. */
export interface JobOutcome {
  readonly ended: readonly Ended<ConvertResult>[];
  readonly findings: readonly Finding[];
}

/** One source with the outputs that are to be made from it. */
export interface ConvertJob {
  /** The source as reports name it. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly targets: readonly ConvertTarget[];

  /**
   * Makes, checks and keeps the outputs; those that are there and right are left alone. No unfinished file is
   * left behind, however it ends.
   *
   * @throws {HoldfastError} none of the outputs could be made.
   */
  run(context: ConvertContext): Promise<JobOutcome>;
}

/** All that a conversion will do, the largest source first, so that no run ends with one long file and idle cores. */
export interface ConvertPlan {
  readonly jobs: readonly ConvertJob[];
  /** Inputs that stand for nothing, or recordings whose sidecar cannot be read. */
  readonly failures: readonly PlanFailure[];
  /** What was left out and why, a sentence each. */
  readonly remarks: readonly string[];
}

/** Puts the largest source first. */
export function bySizeDescending(a: { readonly sizeBytes: number }, b: { readonly sizeBytes: number }): number {
  return b.sizeBytes - a.sizeBytes;
}
