import { optionalString } from "../../flags.ts";
import { toApiCommand } from "./api-command.ts";
import { addRecordingId, toRecordingId } from "./ids.ts";
import { saveRecording } from "./save-recording.ts";

/** `holdfast api recordings download`. See the API page, "Download Recording". */
export const recordingsDownloadCommand = toApiCommand({
  name: "api recordings download",
  builder: (yargs) =>
    addRecordingId(yargs).option("out", {
      type: "string",
      requiresArg: true,
      describe: "File to write (default: the id, with the format of the bytes, in this folder)",
    }),
  toCall: (argv) => {
    const request = { recordingId: toRecordingId(argv), path: optionalString(argv, "out") };
    return {
      isRepeatable: true,
      send: (api, options) => saveRecording(api, request, options),
      countBytes: ({ sizeBytes }) => sizeBytes,
    };
  },
});
