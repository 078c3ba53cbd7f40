import type { Archive } from "../../../archive/archive.ts";
import { RunLog } from "../../../core/run-log.ts";
import { type Anchor, type Keeping, toTolerantAnchor } from "../../../ledger/anchor.ts";
import { LedgerBrokenError } from "../../../ledger/errors.ts";
import type { Command, CommandContext } from "../../command.ts";
import { type ExitCode, toExitCode } from "../../exit-codes.ts";
import { refuseDryRun } from "../../flags.ts";
import { openAnchors } from "../../open-anchors.ts";
import { toJsonReport, toProblemLines } from "../../report-output.ts";
import { withArchive } from "../../with-archive.ts";
import { toTexts } from "../hold/hold-flags.ts";

/** The flags of `ledger checkpoint`. */
interface CheckpointFlags {
  /** Files, and addresses of time stamping authorities. */
  readonly anchors: readonly string[];
}

/** One place where the checkpoint is kept now. */
interface CheckpointResult {
  readonly place: string;
  readonly status: Keeping;
}

/** `holdfast ledger checkpoint`: on stdout nothing but the signed note, so that redirecting keeps it. */
export const ledgerCheckpointCommand: Command<CheckpointFlags> = {
  builder: (yargs) =>
    yargs.option("anchor", {
      type: "string",
      array: true,
      requiresArg: true,
      describe: "Files on other media that it is added to, or addresses of RFC 3161 time stamping authorities",
    }),

  toOptions: (argv) => {
    refuseDryRun(argv, "ledger checkpoint");
    return { anchors: toTexts(argv["anchor"]) };
  },

  run: async (flags, context) => {
    const anchors = await openAnchors(flags.anchors, context);
    // One that cannot be reached is told of when the checkpoint is to be kept there.
    const mustExtend = anchors.map((anchor) => toTolerantAnchor(anchor, () => undefined));
    return withArchive(context, { create: false, mustExtend }, (archive) => keep(archive, anchors, context));
  },
};

async function keep(archive: Archive, anchors: readonly Anchor[], context: CommandContext): Promise<ExitCode> {
  const { output } = context;
  const { ledger } = archive;
  await ledger.checkpoint();
  const newest = ledger.newestCheckpoint();
  if (newest === undefined) throw new Error("internal error: a ledger without a checkpoint");
  const log = new RunLog<CheckpointResult>({ ...context, concurrency: 1 });
  log.planned(anchors.length, []);
  for (const anchor of anchors) {
    const { place } = anchor;
    try {
      const status = await anchor.keep(ledger);
      output.note(`${place}: ${KEEPING_WORDS[status]}`);
      log.ended({ type: "done", result: { place, status }, bytes: 0, audioSeconds: 0 });
    } catch (error) {
      if (error instanceof LedgerBrokenError) throw error;
      log.ended({ type: "failed", subject: place, error, result: undefined });
    }
  }
  const report = log.toReport("completed");
  const { size, root, note } = newest;
  const own = { checkpoint: { size, rootSha256: root.toString("hex"), note } };
  output.printJson(toJsonReport("ledger checkpoint", report, own));
  output.print(note.slice(0, -1));
  for (const line of toProblemLines(report)) output.error(line);
  return toExitCode(report.outcome);
}

const KEEPING_WORDS: Readonly<Record<Keeping, string>> = {
  begun: "a new anchor, with the checkpoint in it",
  kept: "keeps the checkpoint now",
  already: "has kept the checkpoint already",
};
