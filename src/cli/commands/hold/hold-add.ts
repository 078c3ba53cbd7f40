import { NothingToDoError } from "../../../core/errors.ts";
import type { HoldCriteria } from "../../../core/hold.ts";
import { type HoldPlan, type HoldRequest, planHold, runHold } from "../../../custody/hold-add.ts";
import type { Command, CommandContext } from "../../command.ts";
import { printDryRun } from "../../dry-run.ts";
import { UsageError } from "../../errors.ts";
import { type ExitCode, toExitCode } from "../../exit-codes.ts";
import { optionalString } from "../../flags.ts";
import { loadIds } from "../../load-ids.ts";
import { printReport } from "../../report-output.ts";
import { withArchive } from "../../with-archive.ts";
import { optionalLine, toCase, toMatching, toNamed } from "./hold-flags.ts";
import { toPlanLines } from "./hold-words.ts";

/** The flags of `hold add`. */
export interface HoldAddFlags {
  readonly request: HoldRequest;
  /** A file that names more recordings. */
  readonly listFile: string | undefined;
  readonly dryRun: boolean;
}

/** `holdfast hold add` */
export const holdAddCommand: Command<HoldAddFlags> = {
  builder: (yargs) =>
    yargs
      .positional("case", { type: "string", demandOption: true, describe: "The matter that it is for" })
      .option("recording", { type: "string", array: true, requiresArg: true, describe: "Recordings, by their ids" })
      .option("call-id", { type: "string", array: true, requiresArg: true, describe: "All recordings of these calls" })
      .option("list", { type: "string", requiresArg: true, describe: "File of recording ids, one a line" })
      .option("from", { type: "string", requiresArg: true, describe: "All calls from this number" })
      .option("to", { type: "string", requiresArg: true, describe: "All calls to this number" })
      .option("since", { type: "string", requiresArg: true, describe: "All created at or after this instant" })
      .option("until", { type: "string", requiresArg: true, describe: "All created before this instant" })
      .option("reason", { type: "string", requiresArg: true, describe: "Why, for the ledger" }),

  toOptions: (argv) => {
    const named = toNamed(argv);
    const matching = toMatching(argv);
    const listFile = optionalString(argv, "list");
    const isNamed = named.recordingIds.length + named.callIds.length > 0 || listFile !== undefined;
    const criteria = chooseCriteria(isNamed ? { kind: "named", ...named } : undefined, matching);
    const request = { case: toCase(argv["case"]), criteria, reason: optionalLine(argv, "reason") };
    return { request, listFile, dryRun: argv["dryRun"] === true };
  },

  run: async ({ request: stated, listFile, dryRun }, context) => {
    const request = listFile === undefined ? stated : await withList(stated, listFile);
    return withArchive(context, { create: false }, async (archive) => {
      const plan = await planHold({ archive }, request, context.signal);
      if (dryRun) return printPlan(plan, context);
      const report = await runHold({ archive }, plan, { ...context, concurrency: 1 });
      printReport(context.output, "hold add", report, toPlanLines(plan));
      return toExitCode(report.outcome);
    });
  },
};

function chooseCriteria(named: HoldCriteria | undefined, matching: HoldCriteria | undefined): HoldCriteria {
  if (named !== undefined && matching !== undefined) {
    throw new UsageError("a hold names recordings and calls, or says what they must fit, not both", {
      hint: "make two holds of one case: all that either of them catches is held",
    });
  }
  const criteria = named ?? matching;
  if (criteria !== undefined) return criteria;
  throw new UsageError("say what is to be held", {
    hint: "--recording, --call-id or --list name it; --from, --to, --since and --until say what it must fit",
  });
}

async function withList(request: HoldRequest, listFile: string): Promise<HoldRequest> {
  const listed = await loadIds(listFile);
  if (listed.length === 0) throw new NothingToDoError(`the list names nothing: ${listFile}`);
  const { criteria } = request;
  if (criteria.kind !== "named") throw new Error("internal error: a list beside criteria that name nothing");
  const recordingIds = [...new Set([...criteria.recordingIds, ...listed])];
  return { ...request, criteria: { ...criteria, recordingIds } };
}

function printPlan(plan: HoldPlan, context: CommandContext): ExitCode {
  const { caught, alreadyNamed, notInArchive, removed } = plan;
  const action = plan.added.length > 0 ? "hold" : "nothing: already held";
  const item = { subject: plan.case, action, ...caught, alreadyNamed, notInArchive, removed };
  context.output.print(...toPlanLines(plan));
  return printDryRun(context, "hold add", { items: [item], failures: [] });
}
