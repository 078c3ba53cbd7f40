import { Settings } from "../../config/schema.ts";
import { RunLog } from "../../core/run-log.ts";
import type { Command } from "../command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { printReport } from "../report-output.ts";
import { toTable } from "../wording.ts";

/** `holdfast config show` */
export const configCommand: Command<Record<string, never>> = {
  builder: (yargs) => yargs.positional("action", { choices: ["show"] as const, demandOption: true }),
  toOptions: () => ({}),

  run: async (_, { config, output, clock }) => {
    const names = Object.keys(Settings.shape) as readonly (keyof Settings)[];
    const results = names.map((name) => ({
      subject: name,
      status: config.origins[name],
      value: config.settings[name] ?? null,
    }));
    const log = new RunLog<(typeof results)[number]>({ clock, concurrency: 1 });
    log.planned(results.length, []);
    for (const result of results) log.ended({ type: "done", result, bytes: 0, audioSeconds: 0 });
    const lines = toTable(results.map(({ subject, value, status }) => [subject, String(value ?? "-"), status]));
    printReport(output, "config", log.toReport("completed"), lines);
    return EXIT_CODES.ok;
  },
};
