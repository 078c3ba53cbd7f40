import { UsageError } from "../../errors.ts";
import { requiredString } from "../../flags.ts";
import { toApiCommand } from "./api-command.ts";
import { addCallRecordingFlags, toCallRecording } from "./recording-flags.ts";

/** `holdfast api call-flows create`. See the API page, "Recording for Inbound Calls". */
export const callFlowsCreateCommand = toApiCommand({
  name: "api call-flows create",
  builder: (yargs) =>
    addCallRecordingFlags(
      yargs
        .option("name", { type: "string", requiresArg: true, demandOption: true, describe: "What to call the flow" })
        .option("phone-number", {
          type: "string",
          requiresArg: true,
          demandOption: true,
          describe: "The number whose calls it takes",
        })
        .option("route", {
          type: "string",
          requiresArg: true,
          demandOption: true,
          describe: "PATTERN=NUMBER: where calls that match go; can be given several times",
        }),
    ),
  toCall: (argv) => {
    const request = {
      name: requiredString(argv, "name"),
      phone_number: requiredString(argv, "phoneNumber"),
      recording: toCallRecording(argv),
      routing: [argv["route"]].flat().map(toRoute),
    };
    return { isRepeatable: false, send: (api, options) => api.createCallFlow(request, options) };
  },
});

/** The page shows no other type of destination than a number. */
function toRoute(text: unknown): { pattern: string; destination: string; destination_type: string } {
  const [, pattern, destination] = /^(.+)=([^=]+)$/.exec(String(text)) ?? [];
  if (pattern === undefined || destination === undefined) {
    throw new UsageError(`--route takes PATTERN=NUMBER, such as "*=+14155552673": ${text}`);
  }
  return { pattern, destination, destination_type: "phone_number" };
}
