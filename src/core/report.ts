import { isHoldfastError } from "./errors.ts";
import type { Finding } from "./finding.ts";
import type { Sequence } from "./sequence.ts";

/** How a run ended. */
export type Outcome = "ok" | "findings" | "partial" | "failed" | "refused" | "cancelled";

/** One thing that could not be done. */
export interface Failure {
  readonly subject: string;
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** The counts of a run; several of `failed` may share one entry of the failures. `planned` is `done + skipped + failed` unless the run ended before its time. */
export interface Counts {
  readonly planned: number;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly findings: number;
  readonly bytes: number;
}

/**
 * What a use case gives back whose results and findings may be more than fit into memory: JSON-safe, but for its
 * sequences, of which each thing is.
 */
export interface LargeReport<R> {
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly outcome: Outcome;
  /** How it came to its end; undefined for a run that went through to it. */
  readonly ending?: Exclude<RunEnding, "completed"> | undefined;
  readonly counts: Counts;
  readonly results: Sequence<R>;
  readonly findings: Sequence<Finding>;
  readonly failures: readonly Failure[];
}

/** What a use case gives back: JSON-safe, the same for CLI, server and tests. */
export interface RunReport<R> extends LargeReport<R> {
  readonly results: readonly R[];
  readonly findings: readonly Finding[];
}

/** Turns a thrown {@link HoldfastError} into a report's entry; a bug is thrown again. */
export function toFailure(subject: string, error: unknown): Failure {
  if (!isHoldfastError(error)) throw error;
  return { subject, ...error.toJSON() };
}

/** Adds what failed when a run had ended already, such as writing its report to a file. Nothing that ended worse ends better. */
export function withFailure<P extends LargeReport<unknown>>(report: P, failure: Failure): P {
  const { planned, failed } = report.counts;
  const counts: Counts = { ...report.counts, planned: planned + 1, failed: failed + 1 };
  const outcome = report.outcome === "ok" ? toOutcome(counts, "completed", [failure]) : report.outcome;
  return { ...report, outcome, counts, failures: [...report.failures, failure] };
}

/** What a legal hold or a policy stood against. */
function isRefusal({ code }: Failure): boolean {
  return code === "HOLD_PREVENTS_CHANGE" || code === "POLICY_REFUSED";
}

/** How a run came to its end: by itself, because going on was pointless (a full disk), because its budget was spent, or on request. */
export type RunEnding = "completed" | "stopped" | "exhausted" | "cancelled";

/**
 * Decides how a run ended. Findings beat failures, and of these what a hold or a policy refused beats all others; a run in which nothing was done and something failed
 * has failed, one in which some was done is partial, and so is one whose budget was spent before all was done.
 */
export function toOutcome(counts: Counts, ending: RunEnding, failures: readonly Failure[] = []): Outcome {
  if (ending === "cancelled") return "cancelled";
  if (counts.findings > 0) return "findings";
  if (failures.some(isRefusal)) return "refused";
  if (ending === "stopped") return "failed";
  if (ending === "exhausted") return "partial";
  if (counts.failed === 0) return "ok";
  return counts.done + counts.skipped > 0 ? "partial" : "failed";
}
