import { type KeyCount, listKeys } from "../../../custody/key-list.ts";
import type { Command } from "../../command.ts";
import { toExitCode } from "../../exit-codes.ts";
import { printReport } from "../../report-output.ts";
import { withArchive } from "../../with-archive.ts";
import { toCountWords, toTable } from "../../wording.ts";

/** `holdfast key list` */
export const keyListCommand: Command<Record<string, never>> = {
  builder: (yargs) => yargs,
  toOptions: () => ({}),

  run: async (_, context) =>
    withArchive(context, { create: false }, async (archive) => {
      const report = await listKeys({ archive }, context);
      const lines =
        report.results.length === 0 ? ["nothing is encrypted, and no key is configured"] : toLines(report.results);
      printReport(context.output, "key list", report, lines);
      return toExitCode(report.outcome);
    }),
};

function toLines(counts: readonly KeyCount[]): readonly string[] {
  return toTable(
    counts.map(({ keyId, isCurrent, recordings, destroyed }) => [
      keyId,
      isCurrent ? "wraps now" : "wrapped before, or is not configured",
      toCountWords(recordings, "recording"),
      destroyed === 0 ? "" : `the keys of ${destroyed} are destroyed`,
    ]),
  );
}
