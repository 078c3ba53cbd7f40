import type { Archive } from "../../../archive/archive.ts";
import { ConfigError } from "../../../config/errors.ts";
import { planRotation, type RotationPlan, runRotation } from "../../../custody/key-rotation.ts";
import type { Command, CommandContext } from "../../command.ts";
import { printDryRun } from "../../dry-run.ts";
import { type ExitCode, toExitCode } from "../../exit-codes.ts";
import { startProgress } from "../../progress.ts";
import { printReport } from "../../report-output.ts";
import { withArchive } from "../../with-archive.ts";
import { toCountWords } from "../../wording.ts";

/** How many sidecars are written side by side: what they wait for is the disk. */
const DEFAULT_CONCURRENCY = 64;

/** `holdfast key rotate` */
export const keyRotateCommand: Command<{ readonly dryRun: boolean }> = {
  builder: (yargs) => yargs,
  toOptions: (argv) => ({ dryRun: argv["dryRun"] === true }),

  run: async ({ dryRun }, context) =>
    withArchive(context, { create: false }, async (archive) => {
      const { encryptionKeyId: toKeyId } = archive;
      if (toKeyId === undefined) {
        const hint = 'name the new one in the configuration file under "encryption", and the old one in "previousKeys"';
        throw new ConfigError("no key is configured to wrap with", { hint });
      }
      const plan = await planRotation({ archive }, { toKeyId, signal: context.signal });
      return dryRun ? printPlan(plan, context) : rotate(archive, plan, context);
    }),
};

function printPlan({ items, failures, toKeyId }: RotationPlan, context: CommandContext): ExitCode {
  const planned = items.map(({ recordingId, fromKeyId }) => ({
    subject: recordingId,
    action: `rewrap from ${fromKeyId} to ${toKeyId}`,
  }));
  return printDryRun(context, "key rotate", { items: planned, failures });
}

async function rotate(archive: Archive, plan: RotationPlan, context: CommandContext): Promise<ExitCode> {
  const { config, clock, signal, output } = context;
  const progress = startProgress(output, "rewrapped", clock);
  const concurrency = config.settings.concurrency ?? DEFAULT_CONCURRENCY;
  const options = { concurrency, clock, signal, onEvent: progress.onEvent };
  const report = await runRotation({ archive }, plan, options).finally(progress.stop);
  const summary = `wrapped with ${plan.toKeyId}: the keys of ${toCountWords(report.counts.done, "recording")}; no audio was touched`;
  printReport(output, "key rotate", report, [summary]);
  return toExitCode(report.outcome);
}
