import { toApiCommand } from "./api-command.ts";
import { addRecordingId, toRecordingId } from "./ids.ts";

/** `holdfast api recordings get`. See the API page, "Get Recording Information". */
export const recordingsGetCommand = toApiCommand({
  name: "api recordings get",
  builder: addRecordingId,
  toCall: (argv) => {
    const recordingId = toRecordingId(argv);
    return { isRepeatable: true, send: (api, options) => api.getRecording(recordingId, options) };
  },
});
