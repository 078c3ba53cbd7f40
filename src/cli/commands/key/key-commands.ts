import type { CommandGroup } from "../../commands.ts";

/** `holdfast key …`: the keys that encrypt the audio of an archive. */
export const KEY_COMMANDS: CommandGroup = {
  name: "key",
  description: "Keys of encrypted recordings: which wraps them, wrap them anew, destroy one",
  commands: [
    {
      name: "key list",
      usage: "list",
      description: "Count the encrypted recordings by the key that theirs are wrapped with",
      load: async () => (await import("./key-list.ts")).keyListCommand,
    },
    {
      name: "key rotate",
      usage: "rotate",
      description: "Wrap every recording's key with the configured key, in place of an earlier one",
      load: async () => (await import("./key-rotate.ts")).keyRotateCommand,
    },
    {
      name: "key destroy",
      usage: "destroy",
      description: "Destroy the keys of recordings, so that their audio cannot be read any more",
      load: async () => (await import("./key-destroy.ts")).keyDestroyCommand,
    },
  ],
};
