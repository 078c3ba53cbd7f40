import type { Config, SettingOrigin } from "../../config/resolve-config.ts";
import {
  type EncryptionSettings,
  type HoldSettings,
  type LocationSettings,
  type NoticeSettings,
  type RetentionSettings,
  Settings,
} from "../../config/schema.ts";
import { RunLog } from "../../core/run-log.ts";
import type { Command } from "../command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { printReport } from "../report-output.ts";
import { toTable } from "../wording.ts";

/** One setting, what is set for one archive, or one notice. */
interface ShownSetting {
  readonly subject: string;
  readonly status: SettingOrigin;
  readonly value:
    | string
    | number
    | boolean
    | LocationSettings
    | NoticeSettings
    | HoldSettings
    | RetentionSettings
    | EncryptionSettings
    | null;
}

/** `holdfast config show` */
export const configCommand: Command<Record<string, never>> = {
  builder: (yargs) => yargs.positional("action", { choices: ["show"] as const, demandOption: true }),
  toOptions: () => ({}),

  run: async (_, { config, output, clock }) => {
    const results = toShown(config);
    const log = new RunLog<ShownSetting>({ clock, concurrency: 1 });
    log.planned(results.length, []);
    for (const result of results) log.ended({ type: "done", result, bytes: 0, audioSeconds: 0 });
    const lines = toTable(results.map(({ subject, value, status }) => [subject, toValueWords(value), status]));
    printReport(output, "config", log.toReport("completed"), lines);
    return EXIT_CODES.ok;
  },
};

function toShown({
  settings,
  origins,
  locations,
  notices,
  holds,
  retention,
  encryption,
}: Config): readonly ShownSetting[] {
  const names = Object.keys(Settings.shape) as readonly (keyof Settings)[];
  return [
    ...names.map((name) => ({ subject: name, status: origins[name], value: settings[name] ?? null })),
    ...Object.entries(locations).map(([path, value]) => ({
      ...{ subject: `locations ${path}`, status: "file" as const, value },
    })),
    ...notices.map((value) => ({ subject: `notices ${value.name}`, status: "file" as const, value })),
    ...(Object.keys(holds).length === 0 ? [] : [{ subject: "holds", status: "file" as const, value: holds }]),
    // It says where the keys are, and holds none.
    ...(encryption === undefined ? [] : [{ subject: "encryption", status: "file" as const, value: encryption }]),
    ...(retention === undefined ? [] : [{ subject: "retention", status: "file" as const, value: retention }]),
  ];
}

function toValueWords(value: ShownSetting["value"]): string {
  if (value === null) return "-";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
