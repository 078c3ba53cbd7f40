import type { Finding } from "../core/finding.ts";
import { type PlanFailure, RunLog } from "../core/run-log.ts";
import type { CommandContext } from "./command.ts";
import { type ExitCode, toExitCode } from "./exit-codes.ts";
import { printReport } from "./report-output.ts";
import { toTable } from "./wording.ts";

/** One thing that a plan would do, or would leave alone and why. */
export interface PlannedItem {
  readonly subject: string;
  readonly action: string;
}

/** What a plan amounts to. */
export interface DryRunPlan {
  readonly items: readonly PlannedItem[];
  readonly failures: readonly PlanFailure[];
  readonly findings?: readonly Finding[];
}

/** Writes what a command would do, in the form of its report with nothing done. */
export function printDryRun(
  { output, clock }: CommandContext,
  command: string,
  { items, failures, findings = [] }: DryRunPlan,
): ExitCode {
  const log = new RunLog<PlannedItem & { status: "planned" }>({ clock, concurrency: 1 });
  log.planned(items.length, failures);
  log.found(findings);
  const report = { ...log.toReport("completed"), results: items.map((item) => ({ ...item, status: "planned" })) };
  const lines = toTable(items.map(({ action, subject }) => [action, subject]));
  printReport(output, command, report, [...lines, "dry run: nothing was changed"]);
  return toExitCode(report.outcome);
}
