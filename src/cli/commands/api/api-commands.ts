import type { CommandEntry, CommandGroup } from "../../commands.ts";

/** `holdfast api …`: the calls of the vendor's page, in its order. */
export const API_COMMANDS: CommandGroup = {
  name: "api",
  description: "Make one call of the vendor's documented API; the reply is JSON",
  commands: [
    {
      name: "api calls",
      description: "Telephone calls",
      commands: [
        {
          name: "api calls create",
          usage: "create",
          description: "Start a call, recorded or not",
          load: async () => (await import("./calls-create.ts")).callsCreateCommand,
        },
      ],
    },
    {
      name: "api record",
      description: "The recording of an active call",
      commands: [
        toRecordEntry("start", "Start to record an active call"),
        toRecordEntry("stop", "Stop the recording of a call"),
        toRecordEntry("pause", "Pause the recording of a call"),
        toRecordEntry("resume", "Go on with a paused recording"),
      ],
    },
    {
      name: "api call-flows",
      description: "What happens to calls to a phone number",
      commands: [
        {
          name: "api call-flows create",
          usage: "create",
          description: "Route all calls to a phone number, recorded or not",
          load: async () => (await import("./call-flows-create.ts")).callFlowsCreateCommand,
        },
      ],
    },
    {
      name: "api recordings",
      description: "Recordings at the vendor",
      commands: [
        {
          name: "api recordings list",
          usage: "list",
          description: "List one page of recordings",
          load: async () => (await import("./recordings-list.ts")).recordingsListCommand,
        },
        {
          name: "api recordings get",
          usage: "get <recording-id>",
          description: "Show what the vendor says of a recording",
          load: async () => (await import("./recordings-get.ts")).recordingsGetCommand,
        },
        {
          name: "api recordings download",
          usage: "download <recording-id>",
          description: "Download a recording to a file of its own, outside any archive",
          load: async () => (await import("./recordings-download.ts")).recordingsDownloadCommand,
        },
        {
          name: "api recordings delete",
          usage: "delete <recording-id>",
          description: "Delete a recording at the vendor, for good",
          load: async () => (await import("./recordings-delete.ts")).recordingsDeleteCommand,
        },
      ],
    },
  ],
};

function toRecordEntry(action: "start" | "stop" | "pause" | "resume", description: string): CommandEntry {
  return {
    name: `api record ${action}`,
    usage: `${action} <call-id>`,
    description,
    load: async () => (await import("./record.ts")).RECORD_COMMANDS[action],
  };
}
