import type { Command } from "./command.ts";
import { API_COMMANDS } from "./commands/api/api-commands.ts";
import { HOLD_COMMANDS } from "./commands/hold/hold-commands.ts";
import { KEY_COMMANDS } from "./commands/key/key-commands.ts";
import { LEDGER_COMMANDS } from "./commands/ledger/ledger-commands.ts";

/** A subcommand as `--help` lists it; what it does is loaded only when it is the one that was asked for. */
export interface CommandEntry {
  readonly name: string;
  /** The name with its arguments, as yargs takes it. */
  readonly usage: string;
  readonly description: string;
  // biome-ignore lint/suspicious/noExplicitAny: commands with different flags stand in one list
  readonly load: () => Promise<Command<any>>;
}

/** A word that does nothing by itself: one of its own subcommands follows. */
export interface CommandGroup {
  readonly name: string;
  readonly description: string;
  readonly commands: readonly (CommandEntry | CommandGroup)[];
}

/** Every subcommand, in the order of the help. */
export const COMMANDS: readonly (CommandEntry | CommandGroup)[] = [
  {
    name: "demo",
    usage: "demo",
    description: "The whole way on this machine: sandbox, fetch, verify, convert, verify again, export",
    load: async () => (await import("./commands/demo.ts")).demoCommand,
  },
  {
    name: "sandbox",
    usage: "sandbox",
    description: "Serve the vendor's documented API on this machine, with real audio and signed webhooks",
    load: async () => (await import("./commands/sandbox.ts")).sandboxCommand,
  },
  {
    name: "fetch",
    usage: "fetch",
    description: "Fetch recordings into the archive, each verified",
    load: async () => (await import("./commands/fetch.ts")).fetchCommand,
  },
  {
    name: "reconcile",
    usage: "reconcile",
    description: "Hold list, webhooks and archive against each other: what is missing, and the days left to fetch it",
    load: async () => (await import("./commands/reconcile.ts")).reconcileCommand,
  },
  {
    name: "convert",
    usage: "convert [input..]",
    description: "Convert files, folders and globs, or the archive when no input is given",
    load: async () => (await import("./commands/convert.ts")).convertCommand,
  },
  {
    name: "inspect",
    usage: "inspect [file..]",
    description: "Say what a file is: format, identity, whether it is whole, and where it is not",
    load: async () => (await import("./commands/inspect.ts")).inspectCommand,
  },
  {
    name: "seal",
    usage: "seal <dir>",
    description: "Write SHA256SUMS and holdfast-seal.json: what every file of a folder is",
    load: async () => (await import("./commands/seal.ts")).sealCommand,
  },
  {
    name: "verify",
    usage: "verify [path..]",
    description: "Verify the archive, sealed folders, checksum lists, bags, files: all there, and what it was",
    load: async () => (await import("./commands/verify.ts")).verifyCommand,
  },
  {
    name: "schedule",
    usage: "schedule",
    description: "Print a systemd timer or a cron line that verifies the archive again and again; install nothing",
    load: async () => (await import("./commands/schedule.ts")).scheduleCommand,
  },
  {
    name: "export",
    usage: "export [file..]",
    description: "Make a package for a legal matter that the other side can check without this program",
    load: async () => (await import("./commands/export.ts")).exportCommand,
  },
  HOLD_COMMANDS,
  LEDGER_COMMANDS,
  KEY_COMMANDS,
  {
    name: "notice",
    usage: "notice",
    description: "Say of which recordings the rules state why they were recorded, and with --apply write it down",
    load: async () => (await import("./commands/notice.ts")).noticeCommand,
  },
  {
    name: "retain",
    usage: "retain",
    description: "Say which recordings the retention rules let go, and with --apply remove them",
    load: async () => (await import("./commands/retain.ts")).retainCommand,
  },
  {
    name: "purge",
    usage: "purge",
    description:
      "Delete at the vendor what is verified here and in other copies, with a signed receipt; a dry run by default",
    load: async () => (await import("./commands/purge.ts")).purgeCommand,
  },
  API_COMMANDS,
  {
    name: "reindex",
    usage: "reindex",
    description: "Rebuild the catalogue from the sidecars",
    load: async () => (await import("./commands/reindex.ts")).reindexCommand,
  },
  {
    name: "doctor",
    usage: "doctor",
    description: "Check the environment: Node, the ffmpeg that is chosen and why, archive, key",
    load: async () => (await import("./commands/doctor.ts")).doctorCommand,
  },
  {
    name: "config",
    usage: "config <action>",
    description: "Show every setting and where its value came from",
    load: async () => (await import("./commands/config.ts")).configCommand,
  },
];
