import { UsageError } from "./errors.ts";
import { toVisible } from "./terminal.ts";

/** How often a scheduled verification runs; systemd and cron both know these words. */
export const FREQUENCIES = ["hourly", "daily", "weekly", "monthly"] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** A verification that is to run again and again. */
export interface ScheduledJob {
  /** Stands in the names of units; letters, digits, `-`. */
  readonly name: string;
  /** What is verified, for a description. */
  readonly location: string;
  /** Absolute paths of the program's parts, then its arguments. */
  readonly commandLine: readonly string[];
  /** Relative paths of the configuration count from here. */
  readonly workingFolder: string;
  /** Who the files belong to; undefined on systems without numbers for users. */
  readonly userId: number | undefined;
  readonly every: Frequency;
}

/** A file to be saved, or a line to be added to one. */
export interface ScheduleText {
  readonly path: string;
  readonly text: string;
}

/** Low enough to leave the machine to others; the rest is up to the disk's scheduler. */
const NICE = 10;

/** What neither a shell nor systemd takes for anything but itself. */
const PLAIN_WORD = /^[\w+:,./-]+$/;

const CRON_TIMES: Readonly<Record<Frequency, string>> = {
  hourly: "0 * * * *",
  daily: "0 0 * * *",
  weekly: "0 0 * * 1",
  monthly: "0 0 1 * *",
};

/**
 * Writes a service that runs once and a timer that starts it; a run that was due while the machine was off is made up for.
 * Whatever exit code is not 0 is a failure of the service, so that what watches services sees findings.
 *
 * @throws {UsageError} a path has a line break or another character that is not seen.
 * @see systemd.service(5) "Command lines", systemd.syntax(7) "Quoting", systemd.timer(5)
 */
export function toSystemdUnits(job: ScheduledJob): readonly ScheduleText[] {
  const { name, location, commandLine, workingFolder, userId, every } = job;
  refuseUnseen([location, workingFolder, ...commandLine]);
  const [program = "", ...words] = commandLine;
  const description = `Description=Verify the call recordings in ${toSpecifierFree(location)} with Holdfast`;
  const service = [
    ...["[Unit]", description, ""],
    ...["[Service]", "Type=oneshot", ...(userId === undefined ? [] : [`User=${userId}`])],
    `WorkingDirectory=${toSpecifierFree(workingFolder)}`,
    `ExecStart=${[toSystemdWord(program), ...words.map((word) => toSystemdWord(word.replaceAll("$", "$$$$")))].join(" ")}`,
    ...[`Nice=${NICE}`, "IOSchedulingClass=idle"],
  ];
  const timer = [
    ...["[Unit]", description, ""],
    ...["[Timer]", `OnCalendar=${every}`, "Persistent=true", ""],
    ...["[Install]", "WantedBy=timers.target"],
  ];
  const folder = "/etc/systemd/system";
  return [
    { path: `${folder}/${name}.service`, text: toText(service) },
    { path: `${folder}/${name}.timer`, text: toText(timer) },
  ];
}

/**
 * Writes a line for a user's crontab.
 *
 * @throws {UsageError} a path has a character that is not seen, or a backslash, which crons read differently.
 * @see crontab(5): an unescaped `%` ends the command
 */
export function toCronLine({ commandLine, workingFolder, every }: ScheduledJob): string {
  refuseUnseen([workingFolder, ...commandLine]);
  const backslashed = [workingFolder, ...commandLine].find((word) => word.includes("\\"));
  if (backslashed !== undefined) {
    throw new UsageError(`a cron line cannot hold a backslash for sure: ${backslashed}`, {
      hint: "use --format systemd",
    });
  }
  const command = ["nice", "-n", String(NICE), ...commandLine].map(toShellWord).join(" ");
  return `${CRON_TIMES[every]} cd ${toShellWord(workingFolder)} && ${command}`.replaceAll("%", "\\%");
}

function toText(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}

/** What would be printed in another form, such as a line break, would be a wrong path when it is saved. */
function refuseUnseen(words: readonly string[]): void {
  const odd = words.find((word) => toVisible(word) !== word);
  if (odd !== undefined) throw new UsageError(`a character that is not seen cannot stand in a schedule: ${odd}`);
}

/** The first word of a command has no variables in it, the others do: those escape `$` before. */
function toSystemdWord(word: string): string {
  if (PLAIN_WORD.test(word)) return word;
  return `"${toSpecifierFree(word).replaceAll(/["\\]/g, "\\$&")}"`;
}

function toSpecifierFree(text: string): string {
  return text.replaceAll("%", "%%");
}

/** No backslash is needed, which cron might take for its own. */
function toShellWord(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}
