import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { listTree } from "../helpers/list-tree.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

const PROGRAM = `${process.execPath} ${resolve("bin/holdfast.js")}`;

test("without settings: a daily timer, what is older than 30 days, and nothing is installed", async () => {
  const cwd = await makeTemporaryFolder();
  const { code, stdout, stderr } = await runHoldfast(["schedule"], { cwd });
  expect([code, stderr]).toEqual([0, "holdfast: no archive at ./archive yet\n"]);
  expect(stdout).toContain(`ExecStart=${PROGRAM} verify --archive ${cwd}/archive --max-age 30d --quiet\n`);
  expect(stdout).toContain("\nOnCalendar=daily\n");
  expect(stdout).toMatch(
    /# Save as \/etc\/systemd\/system\/(holdfast-verify-archive-[0-9a-f]{8})\.service\n[\s\S]*enable --now \1\.timer\n/,
  );
  expect(await listTree(cwd)).toEqual([]);
});

test("what the configuration says of the place is left to it; flags go before", async () => {
  const cwd = await makeTemporaryFolder();
  await writeFile(
    join(cwd, "my.json"),
    JSON.stringify({ locations: { "./archive": { maxAge: "60d", level: "deep" } } }),
  );
  const run = async (...args: readonly string[]) => {
    const flags = ["--config", "my.json", "--format", "cron", ...args];
    return (await runHoldfast(["schedule", ...flags], { cwd })).stdout.trimEnd().split("\n").at(-1);
  };
  const start = `cd ${cwd} && nice -n 10 ${PROGRAM} verify --archive ${cwd}/archive --config ${cwd}/my.json`;
  expect(await run()).toBe(`0 0 * * * ${start} --quiet`);
  const flags = ["--level", "presence", "--max-age", "1w", "--budget", "2h", "--every", "hourly"];
  expect(await run(...flags)).toBe(`0 * * * * ${start} --level presence --max-age 1w --budget 2h --quiet`);
});

test("a script gets each file's text by itself", async () => {
  const cwd = await makeTemporaryFolder();
  const { code, stdout } = await runHoldfast(["schedule", "--json"], { cwd });
  const { results, outcome } = JSON.parse(stdout);
  expect([code, outcome]).toEqual([0, "ok"]);
  expect(results).toEqual([
    { subject: expect.stringMatching(/\.service$/), status: "printed", text: expect.stringContaining("[Service]\n") },
    { subject: expect.stringMatching(/\.timer$/), status: "printed", text: expect.stringContaining("[Timer]\n") },
  ]);
});

describe("what cannot be used is refused", () => {
  test.each([
    [["--every", "yearly"], "--every takes hourly, daily, weekly, monthly"],
    [["--format", "launchd"], "--format takes systemd, cron"],
    [["--max-age", "30"], "--max-age is no length of time: 30"],
    [["--level", "closely"], "--level takes presence, digest, structure, deep"],
    [["--archive", "a\nb"], "a character that is not seen cannot stand in a schedule"],
  ])("%j", async (flags, message) => {
    const { code, stdout, stderr } = await runHoldfast(["schedule", ...flags], { cwd: await makeTemporaryFolder() });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});

test("config show has what is set for each place", async () => {
  const cwd = await makeTemporaryFolder();
  await writeFile(join(cwd, "holdfast.config.json"), JSON.stringify({ locations: { "/srv/a": { budget: "2h" } } }));
  const { stdout } = await runHoldfast(["config", "show", "--json"], { cwd });
  expect(JSON.parse(stdout).results.at(-1)).toEqual({
    subject: "locations /srv/a",
    status: "file",
    value: { budget: "2h" },
  });
  expect((await runHoldfast(["config", "show"], { cwd })).stdout).toMatch(
    /locations \/srv\/a +\{"budget":"2h"\} +file\n$/,
  );
});
