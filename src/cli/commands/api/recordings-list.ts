import { optionalInstant, optionalString, optionalWhole } from "../../flags.ts";
import { toApiCommand } from "./api-command.ts";

/** `holdfast api recordings list`. See the API page, "List Recordings". */
export const recordingsListCommand = toApiCommand({
  name: "api recordings list",
  builder: (yargs) =>
    yargs
      .option("call-id", { type: "string", requiresArg: true, describe: "Only recordings of this call" })
      .option("since", { type: "string", requiresArg: true, describe: "Created at or after this instant (ISO 8601)" })
      .option("limit", { type: "number", requiresArg: true, describe: "How many at most" })
      .option("offset", { type: "number", requiresArg: true, describe: "How many to pass over" }),
  toCall: (argv) => {
    const page = {
      callId: optionalString(argv, "callId"),
      sinceMs: optionalInstant(argv, "since"),
      limit: optionalWhole(argv, "limit", 1),
      offset: optionalWhole(argv, "offset", 0),
    };
    return { isRepeatable: true, send: (api, options) => api.listRecordings(page, options) };
  },
});
