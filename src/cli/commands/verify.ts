import { VERIFY_LEVELS, type VerifyLevel } from "../../core/verification.ts";
import { runVerify, type VerifyResult } from "../../fixity/verify-run.ts";
import type { Command } from "../command.ts";
import { printDryRun } from "../dry-run.ts";
import { toExitCode } from "../exit-codes.ts";
import { oneOf } from "../flags.ts";
import { startProgress } from "../progress.ts";
import { printReport } from "../report-output.ts";
import { withArchive } from "../with-archive.ts";
import { toByteWords, toCountWords } from "../wording.ts";

/** The flags of `verify`. */
export interface VerifyFlags {
  readonly level: VerifyLevel;
  readonly dryRun: boolean;
}

/** `holdfast verify` */
export const verifyCommand: Command<VerifyFlags> = {
  builder: (yargs) =>
    yargs.option("level", {
      type: "string",
      requiresArg: true,
      default: "digest",
      describe: "presence (there, with its size), digest (sha256) or structure (the audio read through as well)",
    }),

  toOptions: (argv) => ({ level: oneOf(argv, "level", VERIFY_LEVELS), dryRun: argv["dryRun"] === true }),

  run: ({ level, dryRun }, context) =>
    withArchive(context, { create: false }, async (archive) => {
      const { output, clock, signal, config, cores } = context;
      if (dryRun) {
        const { files, bytes } = await archive.summarise();
        const action = `${level} of ${toCountWords(files, "file")}, ${toByteWords(bytes)}`;
        return printDryRun(context, "verify", { items: [{ subject: archive.traits.location, action }], failures: [] });
      }
      const progress = startProgress(output, "verified", clock);
      const concurrency = config.settings.concurrency ?? cores;
      const options = { level, concurrency, clock, signal, onEvent: progress.onEvent };
      const report = await runVerify(archive, options).finally(progress.stop);
      printReport(output, "verify", report, toSummary(report.results, report.counts.bytes, level));
      return toExitCode(report.outcome);
    }),
};

function toSummary(results: readonly VerifyResult[], bytes: number, level: VerifyLevel): readonly string[] {
  const count = (status: VerifyResult["status"]) => results.filter((result) => result.status === status).length;
  return [
    `verified ${toCountWords(results.length, "file")} at level ${level} (${toByteWords(bytes)} read): ${count("ok")} ok, ${count("damaged")} damaged, ${count("missing")} missing, ${count("unreachable")} unreadable`,
  ];
}
