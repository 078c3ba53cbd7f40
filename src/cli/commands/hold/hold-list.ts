import { parseRecordingId } from "../../../core/recording-id.ts";
import { type HoldListRequest, listHolds } from "../../../custody/hold-list.ts";
import type { Command } from "../../command.ts";
import { toExitCode } from "../../exit-codes.ts";
import { optionalString, refuseDryRun } from "../../flags.ts";
import { printReport } from "../../report-output.ts";
import { withArchive } from "../../with-archive.ts";
import { toCase } from "./hold-flags.ts";
import { toListLines } from "./hold-words.ts";

/** `holdfast hold list` */
export const holdListCommand: Command<HoldListRequest> = {
  builder: (yargs) =>
    yargs
      .option("case", { type: "string", requiresArg: true, describe: "Only what is held for this case" })
      .option("recording", { type: "string", requiresArg: true, describe: "Only what holds this recording" })
      .option("released", { type: "boolean", describe: "Show what was released as well" })
      .conflicts("recording", "released"),

  toOptions: (argv) => {
    refuseDryRun(argv, "hold list");
    const [name, recording] = [optionalString(argv, "case"), optionalString(argv, "recording")];
    return {
      case: name === undefined ? undefined : toCase(name),
      recordingId: recording === undefined ? undefined : parseRecordingId(recording),
      withReleased: argv["released"] === true,
    };
  },

  run: (request, context) =>
    withArchive(context, { create: false }, async (archive) => {
      const report = await listHolds({ archive }, request, { ...context, concurrency: 1 });
      printReport(context.output, "hold list", report, toListLines(report.results, request));
      return toExitCode(report.outcome);
    }),
};
