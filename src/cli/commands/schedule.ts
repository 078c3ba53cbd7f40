import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import type { ArgumentsCamelCase } from "yargs";
import { hasArchive } from "../../compose.ts";
import { toLocationSettings } from "../../config/location-settings.ts";
import type { Config } from "../../config/resolve-config.ts";
import { RunLog } from "../../core/run-log.ts";
import { VERIFY_LEVELS, type VerifyLevel } from "../../core/verification.ts";
import type { Command, CommandContext } from "../command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { oneOf, optionalDurationMs, optionalOneOf, optionalString } from "../flags.ts";
import { printReport } from "../report-output.ts";
import {
  FREQUENCIES,
  type Frequency,
  type ScheduledJob,
  type ScheduleText,
  toCronLine,
  toSystemdUnits,
} from "../schedule-text.ts";

const FORMATS = ["systemd", "cron"] as const;

/** The flags of `schedule`; lengths of time as they were written. */
export interface ScheduleFlags {
  readonly format: (typeof FORMATS)[number];
  readonly every: Frequency;
  readonly level: VerifyLevel | undefined;
  readonly maxAge: string | undefined;
  readonly budget: string | undefined;
}

/** Where nothing says how old a check may get. */
const DEFAULT_MAX_AGE = "30d";

/** `holdfast schedule` */
export const scheduleCommand: Command<ScheduleFlags> = {
  builder: (yargs) => {
    const text = { type: "string", requiresArg: true } as const;
    return yargs
      .option("format", { ...text, default: "systemd", describe: "systemd (a service and a timer) or cron (a line)" })
      .option("every", { ...text, default: "daily", describe: "hourly, daily, weekly or monthly" })
      .option("level", { ...text, describe: "As of verify (default: the location's, else verify's)" })
      .option("max-age", { ...text, describe: `As of verify (default: the location's, else ${DEFAULT_MAX_AGE})` })
      .option("budget", { ...text, describe: "As of verify (default: the location's, else none)" });
  },

  toOptions: (argv) => ({
    format: oneOf(argv, "format", FORMATS),
    every: oneOf(argv, "every", FREQUENCIES),
    level: optionalOneOf(argv, "level", VERIFY_LEVELS),
    maxAge: toDurationText(argv, "maxAge"),
    budget: toDurationText(argv, "budget"),
  }),

  run: async (flags, context) => {
    const { output, clock, config } = context;
    const { archive } = config.settings;
    if (!(await hasArchive(archive))) output.note(`no archive at ${archive} yet`);
    const job = toJob(flags, context);
    const texts = flags.format === "cron" ? [{ path: "crontab", text: toCronLine(job) }] : toSystemdUnits(job);
    const log = new RunLog<{ subject: string; status: string; text: string }>({ clock, concurrency: 1 });
    log.planned(texts.length, []);
    for (const { path, text } of texts) {
      const result = { subject: path, status: "printed", text };
      log.ended({ type: "done", result, bytes: 0, audioSeconds: 0 });
    }
    printReport(output, "schedule", log.toReport("completed"), toLines(flags.format, job.name, texts));
    return EXIT_CODES.ok;
  },
};

/** Refuses what `verify` would refuse, and keeps what a person wrote. */
function toDurationText(argv: ArgumentsCamelCase, name: string): string | undefined {
  return optionalDurationMs(argv, name) === undefined ? undefined : optionalString(argv, name);
}

function toJob(flags: ScheduleFlags, { config, program }: CommandContext): ScheduledJob {
  const location = resolve(config.settings.archive);
  return {
    name: toName(location),
    location,
    commandLine: [...program, ...toArguments(flags, config, location)],
    workingFolder: resolve("."),
    userId: process.getuid?.(),
    every: flags.every,
  };
}

/** What the configuration file says is not said again: a change of it changes what the next run does. */
function toArguments({ level, maxAge, budget }: ScheduleFlags, config: Config, location: string): readonly string[] {
  const { settings, origins, filePath } = config;
  const isGiven = origins.ffmpeg === "flag" || origins.ffmpeg === "environment";
  const hasMaxAge = toLocationSettings(config, location).maxAgeMs !== undefined;
  const flags = {
    archive: location,
    config: filePath === undefined ? undefined : resolve(filePath),
    ffmpeg: isGiven ? settings.ffmpeg : undefined,
    level,
    "max-age": maxAge ?? (hasMaxAge ? undefined : DEFAULT_MAX_AGE),
    budget,
  };
  const given = Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
  return ["verify", ...given, "--quiet"];
}

/** Two archives whose folders are called the same have units of their own. */
function toName(location: string): string {
  const word = basename(location).replaceAll(/[^A-Za-z0-9]+/g, "-");
  return `holdfast-verify-${word}-${createHash("sha256").update(location).digest("hex").slice(0, 8)}`;
}

function toLines(format: ScheduleFlags["format"], name: string, texts: readonly ScheduleText[]): readonly string[] {
  if (format === "cron") {
    return ["# Add this line to your crontab, with: crontab -e", ...texts.map(({ text }) => text)];
  }
  return [
    ...texts.flatMap(({ path, text }) => [`# Save as ${path}`, text]),
    `# Then: systemctl daemon-reload && systemctl enable --now ${name}.timer`,
    `# How it went: systemctl status ${name}.service; journalctl -u ${name}.service`,
  ];
}
