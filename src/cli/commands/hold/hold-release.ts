import { toHoldPolicy } from "../../../config/hold-settings.ts";
import { planRelease, type ReleasePlan, runRelease, toRefusal } from "../../../custody/hold-release.ts";
import type { Command, CommandContext } from "../../command.ts";
import { printDryRun } from "../../dry-run.ts";
import { UsageError } from "../../errors.ts";
import { type ExitCode, toExitCode } from "../../exit-codes.ts";
import { optionalString } from "../../flags.ts";
import { loadCustodian } from "../../load-custodian.ts";
import { printReport } from "../../report-output.ts";
import { withArchive } from "../../with-archive.ts";
import { optionalLine, toCase, toTexts } from "./hold-flags.ts";
import { toReleaseLines } from "./hold-words.ts";
import { loadApprovals, loadSigners } from "./load-approvals.ts";
import { writeStatement } from "./write-statement.ts";

/** The flags of `hold release`. */
export interface HoldReleaseFlags {
  readonly case: string;
  readonly reason: string;
  readonly approvalFiles: readonly string[];
  /** Where to write what the others sign. */
  readonly statementFile: string | undefined;
  readonly dryRun: boolean;
}

/** `holdfast hold release` */
export const holdReleaseCommand: Command<HoldReleaseFlags> = {
  builder: (yargs) =>
    yargs
      .positional("case", { type: "string", demandOption: true, describe: "All that is held for it is let go" })
      .option("reason", { type: "string", requiresArg: true, describe: "Why, for the ledger" })
      .option("approval", {
        type: "string",
        array: true,
        requiresArg: true,
        describe: "Signatures of others who approve, as `ssh-keygen -Y sign` writes them",
      })
      .option("statement", { type: "string", requiresArg: true, describe: "Write what the others are to sign here" }),

  toOptions: (argv) => {
    const reason = optionalLine(argv, "reason");
    if (reason === undefined) throw new UsageError("--reason is missing: a release says why");
    return {
      case: toCase(argv["case"]),
      reason,
      approvalFiles: toTexts(argv["approval"]),
      statementFile: optionalString(argv, "statement"),
      dryRun: argv["dryRun"] === true,
    };
  },

  run: async (flags, context) => {
    const { releaseNeeds, approversFile } = toHoldPolicy(context.config);
    const approvals = await loadApprovals(flags.approvalFiles);
    const signers = await loadSigners(approversFile, { isNeeded: approvals.length > 0, output: context.output });
    const { actor } = await loadCustodian(context);
    return withArchive(context, { create: false }, async (archive) => {
      const request = { ...flags, actor, approvals };
      const nowMs = context.clock.now();
      const plan = await planRelease({ archive }, request, { releaseNeeds, signers, nowMs });
      if (flags.dryRun) return printPlan(plan, context);
      if (flags.statementFile !== undefined) await writeStatement(flags.statementFile, plan.statement);
      const report = await runRelease({ archive }, plan, { ...context, concurrency: 1 });
      printReport(context.output, "hold release", report, toReleaseLines(plan, flags.statementFile));
      return toExitCode(report.outcome);
    });
  },
};

function printPlan(plan: ReleasePlan, context: CommandContext): ExitCode {
  if (plan.isAllowed) {
    return printDryRun(context, "hold release", { items: [{ subject: plan.case, action: "release" }], failures: [] });
  }
  context.output.print(...toReleaseLines(plan, undefined));
  return printDryRun(context, "hold release", {
    items: [],
    failures: [{ subject: plan.case, error: toRefusal(plan) }],
  });
}
