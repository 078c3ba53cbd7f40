import { requiredString } from "../../flags.ts";
import { toApiCommand } from "./api-command.ts";
import { addCallRecordingFlags, toCallRecording } from "./recording-flags.ts";

/** `holdfast api calls create`. See the API page, "Automatic Recording". */
export const callsCreateCommand = toApiCommand({
  name: "api calls create",
  builder: (yargs) =>
    addCallRecordingFlags(
      yargs
        .option("from", { type: "string", requiresArg: true, demandOption: true, describe: "The caller's number" })
        .option("to", { type: "string", requiresArg: true, demandOption: true, describe: "The number to call" }),
    ),
  toCall: (argv) => {
    const request = {
      from: requiredString(argv, "from"),
      to: requiredString(argv, "to"),
      recording: toCallRecording(argv),
    };
    return { isRepeatable: false, send: (api, options) => api.createCall(request, options) };
  },
});
