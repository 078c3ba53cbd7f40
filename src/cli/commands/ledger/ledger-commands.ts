import type { CommandGroup } from "../../commands.ts";

/** `holdfast ledger …`: what was done to, and with, what an archive holds. */
export const LEDGER_COMMANDS: CommandGroup = {
  name: "ledger",
  description: "The tamper-evident log of what was done to, and with, what the archive holds",
  commands: [
    {
      name: "ledger show",
      usage: "show",
      description: "Show events; may be asked while another command works on the archive",
      load: async () => (await import("./ledger-show.ts")).ledgerShowCommand,
    },
    {
      name: "ledger verify",
      usage: "verify",
      description: "Find any event that was changed, removed, added or moved since it was signed",
      load: async () => (await import("./ledger-verify.ts")).ledgerVerifyCommand,
    },
    {
      name: "ledger checkpoint",
      usage: "checkpoint",
      description: "Print the signed head, and keep it outside the archive",
      load: async () => (await import("./ledger-checkpoint.ts")).ledgerCheckpointCommand,
    },
    {
      name: "ledger prove",
      usage: "prove",
      description: "Print what shows a third party that an event is in the ledger",
      load: async () => (await import("./ledger-prove.ts")).ledgerProveCommand,
    },
    {
      name: "ledger restart",
      usage: "restart",
      description: "Put a broken ledger aside and begin a new one that takes over its holds",
      load: async () => (await import("./ledger-restart.ts")).ledgerRestartCommand,
    },
  ],
};
