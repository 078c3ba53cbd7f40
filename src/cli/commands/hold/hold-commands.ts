import type { CommandGroup } from "../../commands.ts";

/** `holdfast hold …`: what must not be removed or changed, for which case. */
export const HOLD_COMMANDS: CommandGroup = {
  name: "hold",
  description: "Legal holds: what must not be removed or changed, for which case",
  commands: [
    {
      name: "hold add",
      usage: "add <case>",
      description: "Hold recordings for a case, those that are fetched later as well",
      load: async () => (await import("./hold-add.ts")).holdAddCommand,
    },
    {
      name: "hold list",
      usage: "list",
      description: "Show what is held, since when, by whom and why",
      load: async () => (await import("./hold-list.ts")).holdListCommand,
    },
    {
      name: "hold release",
      usage: "release <case>",
      description: "Let go of all that is held for a case",
      load: async () => (await import("./hold-release.ts")).holdReleaseCommand,
    },
  ],
};
