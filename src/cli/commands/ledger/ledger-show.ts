import type { ArgumentsCamelCase } from "yargs";
import { EVENT_TYPES, type EventType, type LedgerEntry } from "../../../core/ledger-event.ts";
import { parseRecordingId } from "../../../core/recording-id.ts";
import type { LargeReport, RunReport } from "../../../core/report.ts";
import { RunLog } from "../../../core/run-log.ts";
import type { Sequence } from "../../../core/sequence.ts";
import { Spool } from "../../../io/spool.ts";
import { readLedger } from "../../../ledger/read-ledger.ts";
import { boundGarbage } from "../../bound-garbage.ts";
import type { Command } from "../../command.ts";
import { UsageError } from "../../errors.ts";
import { toExitCode } from "../../exit-codes.ts";
import { optionalInstant, optionalString, optionalWhole, refuseDryRun } from "../../flags.ts";
import { printReport } from "../../report-output.ts";
import { toCountWords } from "../../wording.ts";
import { toCase, toTexts } from "../hold/hold-flags.ts";
import { type EventFilter, isAskedFor } from "./event-filter.ts";
import { printEvents } from "./event-lines.ts";
import { LastOnes } from "./last-ones.ts";
import { findLedgerPlace } from "./ledger-place.ts";

/** The flags of `ledger show`. */
interface ShowFlags extends EventFilter {
  /** Only so many of them, the newest. */
  readonly last: number | undefined;
}

/** `holdfast ledger show`: takes no lock and writes nothing, so that it works beside a `fetch --watch`. */
export const ledgerShowCommand: Command<ShowFlags> = {
  builder: (yargs) =>
    yargs
      .option("recording", {
        type: "string",
        requiresArg: true,
        describe: "Only what is about this recording, or holds it by its id",
      })
      .option("case", { type: "string", requiresArg: true, describe: "Only what was done for this case" })
      .option("type", { type: "string", array: true, requiresArg: true, describe: "Only events of these types" })
      .option("since", { type: "string", requiresArg: true, describe: "Only events at or after this instant" })
      .option("until", { type: "string", requiresArg: true, describe: "Only events before this instant" })
      .option("last", { type: "number", requiresArg: true, describe: "Only so many of them, the newest" }),

  toOptions: toShowFlags,

  run: async (flags, context) => {
    boundGarbage();
    const { folder } = await findLedgerPlace(context);
    const shown = flags.last === undefined ? new Spool<LedgerEntry>() : new LastOnes<LedgerEntry>(flags.last);
    const log = new RunLog<LedgerEntry>({ ...context, concurrency: 1 });
    const onEntry = (entry: LedgerEntry) => {
      if (isAskedFor(entry, flags)) shown.push(entry);
    };
    try {
      const { read, findings } = await readLedger(folder, { onEntry, signal: context.signal });
      log.found(findings);
      const report = withResults(log.toReport("completed"), shown);
      printEvents(context.output, shown);
      printReport(context.output, "ledger show", report, [
        `${shown.length} of ${toCountWords(read, "event")}, as they stand; \`holdfast ledger verify\` tells whether they were changed`,
      ]);
      return toExitCode(report.outcome);
    } finally {
      shown.close();
    }
  },
};

/** Puts events into a report that may be more than fit into memory. */
function withResults(report: RunReport<LedgerEntry>, results: Sequence<LedgerEntry>): LargeReport<LedgerEntry> {
  const counts = { ...report.counts, planned: results.length, done: results.length };
  return { ...report, counts, results };
}

function toShowFlags(argv: ArgumentsCamelCase): ShowFlags {
  refuseDryRun(argv, "ledger show");
  const [recording, name] = [optionalString(argv, "recording"), optionalString(argv, "case")];
  return {
    recordingId: recording === undefined ? undefined : parseRecordingId(recording),
    case: name === undefined ? undefined : toCase(name),
    types: toTexts(argv["type"]).map(toEventType),
    sinceMs: optionalInstant(argv, "since"),
    untilMs: optionalInstant(argv, "until"),
    last: optionalWhole(argv, "last", 1),
  };
}

function toEventType(text: string): EventType {
  const type = EVENT_TYPES.find((known) => known === text);
  if (type !== undefined) return type;
  throw new UsageError(`--type knows no ${JSON.stringify(text)}: choose of ${EVENT_TYPES.join(", ")}`);
}
