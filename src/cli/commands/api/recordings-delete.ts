import { UsageError } from "../../errors.ts";
import { toApiCommand } from "./api-command.ts";
import { addRecordingId, toRecordingId } from "./ids.ts";

/** `holdfast api recordings delete`, the one call that cannot be undone. See the API page, "Delete Recording". */
export const recordingsDeleteCommand = toApiCommand({
  name: "api recordings delete",
  builder: (yargs) =>
    addRecordingId(yargs).option("yes", { type: "boolean", describe: "Delete it; without this nothing is asked" }),
  toCall: (argv) => {
    const recordingId = toRecordingId(argv);
    if (argv["yes"] !== true) {
      throw new UsageError(`deleting at the vendor cannot be undone: ${recordingId}`, {
        hint: "fetch and verify it first; then say --yes",
      });
    }
    return { isRepeatable: false, send: (api, options) => api.deleteRecording(recordingId, options) };
  },
});
