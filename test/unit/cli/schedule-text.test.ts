import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../../src/cli/errors.ts";
import { FREQUENCIES, type ScheduledJob, toCronLine, toSystemdUnits } from "../../../src/cli/schedule-text.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const JOB: ScheduledJob = {
  ...{ name: "holdfast-verify-archive-00000000", location: "/srv/archive", workingFolder: "/srv", userId: 1000 },
  commandLine: [process.execPath, "/opt/holdfast/bin/holdfast.js", "verify", "--archive", "/srv/archive", "--quiet"],
  every: "daily",
};

/** What a path may hold that a shell, cron or systemd would take for something else. */
const ODD = `/srv/a b/50% "q" 'q' $HOME \`id\` %h;#&`;

/** The job with a path in it that prints what it was given. */
function toOddJob(path: string): ScheduledJob {
  const print = "process.stdout.write(JSON.stringify([process.cwd(), ...process.argv.slice(1)]))";
  return { ...JOB, workingFolder: path, location: path, commandLine: [process.execPath, "-e", print, path] };
}

test("the service runs the command once, with what others have before it", () => {
  const [service] = toSystemdUnits(JOB);
  expect(service).toEqual({
    path: "/etc/systemd/system/holdfast-verify-archive-00000000.service",
    text: `[Unit]
Description=Verify the call recordings in /srv/archive with Holdfast

[Service]
Type=oneshot
User=1000
WorkingDirectory=/srv
ExecStart=${process.execPath} /opt/holdfast/bin/holdfast.js verify --archive /srv/archive --quiet
Nice=10
IOSchedulingClass=idle
`,
  });
});

test.each(FREQUENCIES)("%s: the timer makes up for what it missed, and cron has a time", (every) => {
  const [, timer] = toSystemdUnits({ ...JOB, every });
  expect(timer?.text).toContain(`[Timer]\nOnCalendar=${every}\nPersistent=true\n`);
  expect(toCronLine({ ...JOB, every })).toMatch(/^0( [0-9*]+){4} cd \/srv && nice -n 10 \//);
});

test("systemd takes both units, also with an odd path", async ({ skip }) => {
  skip(spawnSync("systemd-analyze", ["--version"]).status !== 0, "no systemd-analyze on PATH");
  const folder = await makeTemporaryFolder();
  const odd = join(folder, ODD);
  await mkdir(odd, { recursive: true });
  const units = toSystemdUnits({ ...toOddJob(odd), userId: undefined });
  const paths = units.map(({ path }) => join(folder, basename(path)));
  for (const [index, { text }] of units.entries()) await writeFile(paths[index] ?? "", text);
  const { status, stderr } = spawnSync("systemd-analyze", ["verify", ...paths], { encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
});

test("in a unit, nothing of a path is a specifier, a variable or the end of a word", () => {
  const { text = "" } = toSystemdUnits({ ...JOB, commandLine: ["/bin/a $b", `/x %h $y "z" \\n`] })[0] ?? {};
  expect(text).toContain(`ExecStart="/bin/a $b" "/x %%h $$y \\"z\\" \\\\n"\n`);
});

test("a shell runs what cron makes of the line, with each path as it is", async () => {
  const odd = join(await makeTemporaryFolder(), ODD);
  await mkdir(odd, { recursive: true });
  const line = toCronLine(toOddJob(odd)).replace(/^(\S+ ){5}/, "");
  expect(line.replaceAll("\\%", "")).not.toContain("%");
  const { stdout } = spawnSync("/bin/sh", ["-c", line.replaceAll("\\%", "%")], { encoding: "utf8" });
  expect(JSON.parse(stdout)).toEqual([odd, odd]);
});

describe("what cannot be written down for sure is refused", () => {
  test.each(["/srv/a\nb", "/srv/a\u0007", "/srv/a\u202eb"])("%j", (path) => {
    for (const write of [toSystemdUnits, toCronLine]) expect(() => write(toOddJob(path))).toThrow(UsageError);
  });

  test("a backslash, for cron", () => {
    expect(() => toCronLine(toOddJob("/srv/a\\b"))).toThrow(/backslash/);
    expect(() => toSystemdUnits(toOddJob("/srv/a\\b"))).not.toThrow();
  });
});
