import type { Archive } from "../../archive/archive.ts";
import type { RunReport } from "../../core/report.ts";
import { planRetain, type RetainPlan, type RetainRequest } from "../../custody/retain-plan.ts";
import { type RetainResult, runRetain, toPlannedReport } from "../../custody/retain-run.ts";
import type { Command, CommandContext } from "../command.ts";
import { UsageError } from "../errors.ts";
import { toExitCode } from "../exit-codes.ts";
import { optionalDurationMs } from "../flags.ts";
import { loadCustodian } from "../load-custodian.ts";
import { loadRetention } from "../load-retention.ts";
import { startProgress } from "../progress.ts";
import { toEndingLines, toJsonReport, toProblemLines } from "../report-output.ts";
import { toRetainLines } from "../retain-words.ts";
import { withArchive } from "../with-archive.ts";

/** The flags of `retain`. */
export interface RetainFlags {
  /** Whether anything is removed. */
  readonly isApplied: boolean;
  /** Goes before what the configuration file says. */
  readonly verifiedWithinMs: number | undefined;
}

/** How many recordings are removed side by side: what they wait for is the disk. */
const DEFAULT_CONCURRENCY = 8;

/** `holdfast retain` */
export const retainCommand: Command<RetainFlags> = {
  builder: (yargs) =>
    yargs
      .option("apply", { type: "boolean", default: false, describe: "Remove; without it nothing is changed" })
      .option("verified-within", {
        type: "string",
        requiresArg: true,
        describe: "Only what was found right, its bytes read, within this time (30d)",
      }),

  toOptions: (argv) => {
    const isApplied = argv["apply"] === true;
    if (isApplied && argv["dryRun"] === true) throw new UsageError("--apply and --dry-run contradict each other");
    return { isApplied, verifiedWithinMs: optionalDurationMs(argv, "verifiedWithin") };
  },

  run: async ({ isApplied, verifiedWithinMs: wanted }, context) => {
    const { rules, verifiedWithinMs: configured } = await loadRetention(context);
    const request = { rules, verifiedWithinMs: wanted ?? configured };
    return withArchive(context, { create: false }, async (archive) => {
      const { clock, signal } = context;
      const plan = await planRetain({ archive }, request, { nowMs: clock.now(), signal });
      const report = isApplied
        ? await remove(archive, plan, context)
        : toPlannedReport(plan, { clock, signal, concurrency: 1 });
      printRetention(report, { ...request, ...plan, isApplied }, context);
      return toExitCode(report.outcome);
    });
  },
};

async function remove(archive: Archive, plan: RetainPlan, context: CommandContext): Promise<RunReport<RetainResult>> {
  const { config, clock, signal, output } = context;
  const { actor } = await loadCustodian(context);
  const progress = startProgress(output, "removed", clock);
  const concurrency = config.settings.concurrency ?? DEFAULT_CONCURRENCY;
  const options = { removedBy: actor, concurrency, clock, signal, onEvent: progress.onEvent };
  return runRetain({ archive }, plan, options).finally(progress.stop);
}

type Retention = RetainPlan & Pick<RetainRequest, "verifiedWithinMs"> & Pick<RetainFlags, "isApplied">;

function printRetention(
  report: RunReport<RetainResult>,
  { others, rules, verifiedWithinMs, isApplied }: Retention,
  { output }: CommandContext,
): void {
  const { "no-rule": noRule, "not-due": notDue, kept, "removed-before": removedBefore } = others;
  const own = { applied: isApplied, verifiedWithinSeconds: verifiedWithinMs / 1000, rules };
  output.printJson(toJsonReport("retain", report, { ...own, others: { notDue, kept, noRule, removedBefore } }));
  output.print(
    ...toRetainLines({ results: report.results, others, rules, verifiedWithinMs }),
    ...(isApplied ? [] : ["dry run: nothing was removed; --apply removes"]),
    ...toEndingLines(report),
    ...toProblemLines(report),
  );
}
