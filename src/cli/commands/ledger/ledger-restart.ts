import { planRestart, type Restarted, type RestartPlan, runRestart } from "../../../archive/restart-ledger.ts";
import { openRestart } from "../../../compose.ts";
import { RunLog } from "../../../core/run-log.ts";
import { toTolerantAnchor } from "../../../ledger/anchor.ts";
import type { Command, CommandContext } from "../../command.ts";
import { printDryRun } from "../../dry-run.ts";
import { UsageError } from "../../errors.ts";
import { type ExitCode, toExitCode } from "../../exit-codes.ts";
import { loadOrMakeCustodian } from "../../load-custodian.ts";
import { loadKeys } from "../../load-keys.ts";
import { openSetAnchors } from "../../open-anchors.ts";
import { printReport } from "../../report-output.ts";
import { optionalLine } from "../hold/hold-flags.ts";
import { toPlanLines, toRestartedLines } from "./restart-words.ts";

/** The flags of `ledger restart`. */
interface RestartFlags {
  readonly reason: string;
  readonly acceptLostHolds: boolean;
  readonly dryRun: boolean;
}

/** `holdfast ledger restart`: the way on when a ledger is broken and there is no copy of it. */
export const ledgerRestartCommand: Command<RestartFlags> = {
  builder: (yargs) =>
    yargs
      .option("reason", { type: "string", requiresArg: true, describe: "Why, for the new ledger" })
      .option("accept-lost-holds", {
        type: "boolean",
        default: false,
        describe: "Do it although a hold that cannot be read may be lost: --dry-run tells",
      }),

  toOptions: (argv) => {
    const reason = optionalLine(argv, "reason");
    if (reason === undefined) throw new UsageError("--reason is missing: the new ledger says why it begins");
    return { reason, acceptLostHolds: argv["acceptLostHolds"] === true, dryRun: argv["dryRun"] === true };
  },

  run: async (flags, context) => {
    const { config, clock, output, signal } = context;
    const tell = (warning: string) => output.error(`warning: ${warning}`);
    const anchors = (await openSetAnchors(context)).map((anchor) => toTolerantAnchor(anchor, tell));
    const [custodian, keys] = [await loadOrMakeCustodian(context), await loadKeys(context)];
    const location = config.settings.archive;
    const ports = await openRestart(location, { clock, custodian, anchors, keys });
    try {
      const plan = await planRestart(ports, signal);
      output.print(...toPlanLines(plan));
      if (flags.dryRun) return printDryRun(context, "ledger restart", toDryRun(plan, location));
      return report(plan, { location, ...(await runRestart(ports, plan, flags)) }, context);
    } finally {
      await ports.catalogue.close();
    }
  },
};

function toDryRun({ old, problem }: RestartPlan, location: string) {
  const action = old === undefined ? "finish the restart" : "begin a new ledger";
  const { held, released } = old?.carried ?? {};
  const item = { subject: location, action, problem, held, released, doubts: old?.doubts };
  return { items: [item], failures: [] };
}

function report(
  plan: RestartPlan,
  { location, quarantinedAs }: Restarted & { readonly location: string },
  context: CommandContext,
): ExitCode {
  const { held, released } = plan.old?.carried ?? {};
  const log = new RunLog<Record<string, unknown>>({ ...context, concurrency: 1 });
  log.planned(1, []);
  const { problem, old, staleAnchors } = plan;
  const result = {
    ...{ subject: location, status: "restarted", problem, quarantinedAs, held, released },
    ...{ lostHoldsAccepted: old?.doubts, staleAnchors },
  };
  log.ended({ type: "done", result, bytes: 0, audioSeconds: 0 });
  const ended = log.toReport("completed");
  printReport(context.output, "ledger restart", ended, toRestartedLines(plan, { location, quarantinedAs }));
  return toExitCode(ended.outcome);
}
