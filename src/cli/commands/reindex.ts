import { RunLog } from "../../core/run-log.ts";
import type { Command } from "../command.ts";
import { printDryRun } from "../dry-run.ts";
import { toExitCode } from "../exit-codes.ts";
import { printReport } from "../report-output.ts";
import { withArchive } from "../with-archive.ts";
import { toCountWords } from "../wording.ts";

/** `holdfast reindex` */
export const reindexCommand: Command<{ readonly dryRun: boolean }> = {
  builder: (yargs) => yargs,
  toOptions: (argv) => ({ dryRun: argv["dryRun"] === true }),

  run: ({ dryRun }, context) =>
    withArchive(context, { create: false }, async (archive) => {
      if (dryRun) {
        const items = [{ subject: archive.traits.location, action: "rebuild the catalogue" }];
        return printDryRun(context, "reindex", { items, failures: [] });
      }
      const { output, clock } = context;
      const log = new RunLog<{ subject: string; status: "indexed"; sidecars: number }>({ clock, concurrency: 1 });
      const { indexed, invalid } = await archive.reindex();
      await archive.acknowledgeRebuilt();
      log.planned(1, invalid);
      const result = { subject: archive.traits.location, status: "indexed", sidecars: indexed } as const;
      log.ended({ type: "done", result, bytes: 0, audioSeconds: 0 });
      const report = log.toReport("completed");
      printReport(output, "reindex", report, [
        `indexed ${toCountWords(indexed, "recording")} in ${archive.traits.location}`,
        "what was gone together with its sidecar before this cannot be noticed any more",
      ]);
      return toExitCode(report.outcome);
    }),
};
