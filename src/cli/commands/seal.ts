import { ThreadedLooker } from "../../fixity/look/threaded-looker.ts";
import { planSeal, type SealPlan } from "../../fixity/seal-plan.ts";
import { runSeal, type SealReport } from "../../fixity/seal-run.ts";
import { sweepAbandoned } from "../../io/abandoned-files.ts";
import type { Command, CommandContext } from "../command.ts";
import { printDryRun } from "../dry-run.ts";
import { type ExitCode, toExitCode } from "../exit-codes.ts";
import { requiredString } from "../flags.ts";
import { startProgress } from "../progress.ts";
import { toJsonReport, toProblemLines } from "../report-output.ts";
import { toByteWords, toCountWords } from "../wording.ts";

/** What `seal` was given. */
export interface SealFlags {
  readonly folder: string;
  readonly dryRun: boolean;
}

/** `holdfast seal` */
export const sealCommand: Command<SealFlags> = {
  builder: (yargs) => yargs.positional("dir", { type: "string", describe: "The folder to seal, with all below it" }),
  toOptions: (argv) => ({ folder: requiredString(argv, "dir"), dryRun: argv["dryRun"] === true }),

  run: async ({ folder, dryRun }, context) => {
    // A run that was killed has left nothing that should be sealed.
    if (!dryRun) await sweepAbandoned(folder);
    const plan = await planSeal(folder);
    if (!dryRun) return seal(plan, context);
    const items = plan.paths.map((subject) => ({ subject, action: "seal" }));
    return printDryRun(context, "seal", { items, failures: plan.failures });
  },
};

async function seal(plan: SealPlan, { output, clock, signal, config, cores }: CommandContext): Promise<ExitCode> {
  const looker = new ThreadedLooker({ readers: config.settings.concurrency ?? cores, maxBytesPerSecond: undefined });
  const progress = startProgress(output, "read", clock);
  try {
    const report = await runSeal(plan, looker, { clock, signal, onEvent: progress.onEvent }).finally(progress.stop);
    output.printJson(toJsonReport("seal", report, { manifest: report.manifest }));
    output.print(...toSummary(report), ...toProblemLines(report));
    return toExitCode(report.outcome);
  } finally {
    await looker.close();
  }
}

function toSummary({ manifest, counts, results }: SealReport): readonly string[] {
  if (manifest === null) return ["nothing was sealed"];
  const recordings = results.filter(({ format }) => format !== null).length;
  return [
    `sealed ${toCountWords(counts.done, "file")} (${toByteWords(counts.bytes)}), ${toCountWords(recordings, "recording")} among them`,
    `sha256 of ${manifest.path}: ${manifest.sha256}`,
    "write it down elsewhere: whoever can change the folder can change the seal",
  ];
}
