import type { Finding } from "../core/finding.ts";
import type { Failure } from "../core/report.ts";
import type { Sequence } from "../core/sequence.ts";

/** Who had a part in a check, beside the program itself. */
export interface CheckAgent {
  readonly name: string;
  readonly type: "person" | "organization" | "hardware";
}

/** One verification as an event in the life of what was verified. */
export interface FixityCheck {
  /** Tells this run from all others of the same archive. */
  readonly runId: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly outcome: "success" | "fail" | "warning";
  /** What was done, a sentence each. */
  readonly detail: readonly string[];
  /** What came of it, with the counts, a sentence each. */
  readonly notes: readonly string[];
  /** The archives, folders, lists or files that were verified; at least one. */
  readonly places: readonly string[];
  readonly toolVersion: string;
  readonly agents: readonly CheckAgent[];
  readonly findings: Sequence<Finding>;
  readonly failures: readonly Failure[];
}
