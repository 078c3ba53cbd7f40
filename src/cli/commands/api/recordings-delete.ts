import type { Archive } from "../../../archive/archive.ts";
import { hasArchive } from "../../../compose.ts";
import type { RecordingId } from "../../../core/recording-id.ts";
import type { Command, CommandContext } from "../../command.ts";
import { UsageError } from "../../errors.ts";
import type { ExitCode } from "../../exit-codes.ts";
import { refuseDryRun } from "../../flags.ts";
import { withArchive } from "../../with-archive.ts";
import { type ApiCall, runApiCall } from "./api-command.ts";
import { addRecordingId, toRecordingId } from "./ids.ts";

const NAME = "api recordings delete";

/**
 * `holdfast api recordings delete`, the one call that cannot be undone. The holds of the archive, if there is one, are asked
 * before it, and its ledger is told after it. See the API page, "Delete Recording".
 */
export const recordingsDeleteCommand: Command<RecordingId> = {
  builder: (yargs) =>
    addRecordingId(yargs).option("yes", { type: "boolean", describe: "Delete it; without this nothing is asked" }),

  toOptions: (argv) => {
    refuseDryRun(argv, "api");
    const recordingId = toRecordingId(argv);
    if (argv["yes"] === true) return recordingId;
    throw new UsageError(`deleting at the vendor cannot be undone: ${recordingId}`, {
      hint: "fetch and verify it first; then say --yes",
    });
  },

  run: async (recordingId, context) => {
    const { config, output } = context;
    const { archive: location } = config.settings;
    if (await hasArchive(location)) {
      return withArchive(context, { create: false }, (archive) => deleteUnlessHeld(recordingId, archive, context));
    }
    output.note(`no archive at ${location}: no legal holds were asked for`);
    return runApiCall(NAME, toDeletion(recordingId), context);
  },
};

async function deleteUnlessHeld(
  recordingId: RecordingId,
  archive: Pick<Archive, "assertFree" | "record">,
  context: CommandContext,
): Promise<ExitCode> {
  await archive.assertFree(recordingId, "purge");
  const deletion = toDeletion(recordingId);
  const send: Deletion["send"] = async (api, options) => {
    const answer = await deletion.send(api, options);
    try {
      const detail = { via: "api", deletedAt: answer.deleted_at };
      await archive.record([{ type: "purged", subject: recordingId, detail }]);
    } catch (error) {
      context.output.error(`deleted at the vendor, and the ledger does not tell of it: ${recordingId}`);
      throw error;
    }
    return answer;
  };
  return runApiCall(NAME, { ...deletion, send }, context);
}

type Deletion = ReturnType<typeof toDeletion>;

function toDeletion(recordingId: RecordingId) {
  return {
    isRepeatable: false,
    send: (api, options) => api.deleteRecording(recordingId, options),
  } satisfies ApiCall<object>;
}
