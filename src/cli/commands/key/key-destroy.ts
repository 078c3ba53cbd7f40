import type { RecordingId } from "../../../core/recording-id.ts";
import { runKeyDestruction } from "../../../custody/key-destruction.ts";
import type { Command } from "../../command.ts";
import { UsageError } from "../../errors.ts";
import { toExitCode } from "../../exit-codes.ts";
import { loadCustodian } from "../../load-custodian.ts";
import { printReport } from "../../report-output.ts";
import { withArchive } from "../../with-archive.ts";
import { toCountWords } from "../../wording.ts";
import { optionalLine, toNamed } from "../hold/hold-flags.ts";

/** The flags of `key destroy`. */
export interface KeyDestroyFlags {
  readonly recordingIds: readonly RecordingId[];
  readonly reason: string;
}

/** What a destruction in one place cannot reach. */
const REMARK =
  "copies of the sidecar may still hold the wrapped key: backups, snapshots, old blocks of the disk; see docs/encryption.md";

/** `holdfast key destroy` */
export const keyDestroyCommand: Command<KeyDestroyFlags> = {
  builder: (yargs) =>
    yargs
      .option("recording", { type: "string", array: true, requiresArg: true, describe: "Ids of recordings" })
      .option("reason", { type: "string", requiresArg: true, describe: "Why, for the sidecar and the ledger" })
      .option("yes", { type: "boolean", describe: "Destroy; without this nothing is done" }),

  toOptions: (argv) => {
    const { recordingIds } = toNamed(argv);
    const reason = optionalLine(argv, "reason");
    if (recordingIds.length === 0) throw new UsageError("--recording is missing: whose keys are to be destroyed");
    if (reason === undefined) throw new UsageError("--reason is missing: a destruction says why");
    if (argv["yes"] !== true) {
      throw new UsageError(`destroying a key cannot be undone: ${recordingIds.join(", ")}`, { hint: "say --yes" });
    }
    return { recordingIds, reason };
  },

  run: async ({ recordingIds, reason }, context) => {
    const { actor } = await loadCustodian(context);
    return withArchive(context, { create: false }, async (archive) => {
      const request = { recordingIds, reason, destroyedBy: actor };
      const report = await runKeyDestruction({ archive }, request, { ...context, concurrency: 1 });
      const { done } = report.counts;
      const summary = `destroyed: the keys of ${toCountWords(done, "recording")}`;
      printReport(context.output, "key destroy", report, done === 0 ? [summary] : [summary, REMARK]);
      return toExitCode(report.outcome);
    });
  },
};
