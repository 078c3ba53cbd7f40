import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openArchive } from "../../src/compose.ts";
import { parseRecordingId } from "../../src/core/recording-id.ts";
import type { CheckStatus } from "../../src/core/verification.ts";
import { makeWav, tone } from "../helpers/make-wav.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { storeRecording } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { TEST_CUSTODIAN } from "../helpers/test-custodian.ts";

const DAY_MS = 86_400_000;
const FOLDER = "archive/recordings/2024/01/15";
const NOW = { now: () => Date.now() };

/** An archive of recordings rec_0, rec_1 and so on, which were stored in this order, long ago. */
async function makeArchive(recordings = 4): Promise<string> {
  const cwd = await makeTemporaryFolder();
  const archive = await openArchive(join(cwd, "archive"), { clock: NOW, create: true, custodian: TEST_CUSTODIAN });
  for (let at = 0; at < recordings; at += 1) {
    await storeRecording(archive, `rec_${at}`, makeWav([tone(2000, 200 + 50 * at)]));
  }
  await archive.close();
  return cwd;
}

/** Notes that recordings were looked at so many days ago, as a run of then did. */
async function age(cwd: string, days: Readonly<Record<string, number>>, status: CheckStatus = "ok"): Promise<void> {
  const archive = await openArchive(join(cwd, "archive"), { clock: NOW, create: false, custodian: TEST_CUSTODIAN });
  const checks = Object.entries(days).map(([id, count]) => ({
    ...{ recordingId: parseRecordingId(id), runId: "then", level: "digest" as const, status, traces: {} },
    checkedAtMs: Date.now() - count * DAY_MS,
  }));
  await archive.checks.note(checks, []);
  await archive.close();
}

/** Verifies, and tells which recordings were looked at, in that order. */
async function verify(cwd: string, ...args: readonly string[]) {
  const { code, stdout } = await runHoldfast(["verify", "--json", ...args], { cwd });
  const report = JSON.parse(stdout);
  const paths: readonly string[] = report.results.map(({ path = "" }) => path);
  const order = [...new Set(paths.map((path) => path.replace(/^.*\/|\.\w+$/g, "")))];
  return { code, report, order };
}

async function explain(cwd: string, ...args: readonly string[]) {
  const { code, stdout } = await runHoldfast(["verify", ...args], { cwd });
  return { code, stdout };
}

test("only what was not looked at for so long is, the oldest first, and the rest has its age told", async () => {
  const cwd = await makeArchive();
  await age(cwd, { rec_0: 10, rec_1: 40, rec_2: 50 });
  const first = await verify(cwd, "--max-age", "30d", "--readers", "1");
  expect([first.code, first.order]).toEqual([0, ["rec_3", "rec_2", "rec_1"]]);
  expect(first.report.counts).toMatchObject({ planned: 6, done: 6 });
  expect(first.report.oldestUnverified).toMatchObject({ days: 10, neverChecked: 0 });
  const second = await explain(cwd, "--max-age", "30d");
  expect(second.code).toBe(0);
  expect(second.stdout).toContain("no file was looked at");
  expect(second.stdout).toContain("oldest unverified: 10 days");
  expect(second.stdout).not.toMatch(/\ball\b.*recorded/);
});

test("what is damaged comes again first, however young its look, until it is right", async () => {
  const cwd = await makeArchive();
  await age(cwd, { rec_0: 50, rec_1: 2, rec_2: 3, rec_3: 4 });
  const path = join(cwd, FOLDER, "rec_2.wav");
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, 1000));
  await age(cwd, { rec_2: 1 }, "damaged");
  const found = await verify(cwd, "--max-age", "30d", "--readers", "1");
  expect([found.code, found.order]).toEqual([4, ["rec_2", "rec_0"]]);
  await writeFile(path, bytes);
  expect((await verify(cwd, "--max-age", "30d", "--level", "presence")).code).toBe(0);
  const mended = await verify(cwd, "--max-age", "30d");
  expect([mended.code, mended.order]).toEqual([0, ["rec_2"]]);
  expect((await verify(cwd, "--max-age", "30d")).order).toEqual([]);
});

test("a budget of bytes ends a run as partial, the next goes on, and only the last is ok", async () => {
  const cwd = await makeArchive(3);
  const seen: string[] = [];
  for (const [left, expected] of [[4, 3] as const, [2, 3] as const, [0, 0] as const]) {
    const { code, order, report } = await verify(cwd, "--max-age", "30d", "--budget-bytes", "1");
    expect([code, order.length, report.counts.planned - report.counts.done]).toEqual([expected, 1, left]);
    expect(report.outcome).toBe(expected === 3 ? "partial" : "ok");
    seen.push(...order);
  }
  expect(seen.toSorted()).toEqual(["rec_0", "rec_1", "rec_2"]);
  const { code, stdout } = await explain(cwd, "--budget-bytes", "1");
  expect(code).toBe(3);
  expect(stdout).toContain("not looked at: 4 files, for the budget was spent");
});

test("a budget of time ends a run as partial", async () => {
  const cwd = await makeArchive(15);
  const slowly = ["--budget", "1s", "--max-bytes-per-second", "15kB", "--readers", "1"];
  const { code, report, order } = await verify(cwd, ...slowly);
  expect([code, report.outcome]).toEqual([3, "partial"]);
  expect(order.length).toBeGreaterThan(0);
  const rest = await verify(cwd, "--max-age", "30d");
  expect([rest.code, rest.order.length]).toEqual([0, 15 - order.length]);
});

test("findings weigh more than a spent budget, and an archive without recordings is no success", async () => {
  const cwd = await makeArchive(2);
  for (const at of [0, 1]) await rm(join(cwd, FOLDER, `rec_${at}.wav`));
  const { code, report } = await verify(cwd, "--budget-bytes", "1");
  expect([code, report.findings.length, report.counts.done]).toEqual([4, 1, 2]);
  const empty = await verify(await makeArchive(0), "--max-age", "30d", "--budget", "1h");
  expect([empty.code, empty.report.failures[0].code]).toEqual([1, "NOTHING_TO_DO"]);
});

test("a look at sizes is none at bytes", async () => {
  const cwd = await makeArchive(2);
  expect((await verify(cwd, "--level", "presence")).report.oldestUnverified.days).toBe(0);
  expect((await verify(cwd, "--level", "presence", "--max-age", "30d")).order).toEqual([]);
  const { report, order } = await verify(cwd, "--max-age", "30d", "--budget-bytes", "1");
  expect(order.length).toBe(1);
  expect(report.oldestUnverified.days).toBeGreaterThan(365);
});

test("the configuration says how a place is verified, and flags go before it", async () => {
  const cwd = await makeArchive(3);
  await age(cwd, { rec_0: 40, rec_1: 40, rec_2: 20 });
  const settings = { level: "presence", maxAge: "30d", budgetBytes: 1 };
  const elsewhere = { level: "deep", maxAge: "90d" };
  const locations = { [join(cwd, "archive")]: settings, "./other": elsewhere };
  await writeFile(join(cwd, "holdfast.config.json"), JSON.stringify({ locations }));
  const configured = await verify(cwd);
  expect([configured.code, configured.report.level, configured.order.length]).toEqual([3, "presence", 1]);
  expect(configured.report.counts.planned).toBe(4);
  const flagged = await verify(cwd, "--level", "digest", "--max-age", "10d", "--budget-bytes", "1GB");
  expect([flagged.code, flagged.report.level]).toEqual([0, "digest"]);
  expect(flagged.order.toSorted()).toEqual(["rec_0", "rec_1", "rec_2"]);
});

test("the history of a recording, of a run and of the last runs is shown, and nothing is verified for it", async () => {
  const cwd = await makeArchive(2);
  await rm(join(cwd, FOLDER, "rec_1.wav"));
  const { report } = await verify(cwd, "--max-age", "30d");
  const { runId } = report;
  const run = await verify(cwd, "--history", runId);
  expect(run.report.results).toMatchObject([{ subject: runId, findings: [{ kind: "missing", recordingId: "rec_1" }] }]);
  const [sound] = (await verify(cwd, "--history", "rec_0")).report.results;
  expect(sound).toMatchObject({ status: "ok", checks: 1, lastRunId: runId, findings: [] });
  expect(sound.lastCheckedAt).toMatchObject({ digest: expect.stringMatching(/^20/), structure: null, deep: null });
  const [gone] = (await verify(cwd, "--history", "rec_1")).report.results;
  expect(gone).toMatchObject({ status: "missing", checks: 1, findings: [{ kind: "missing", runId }] });
  const stranger = await verify(cwd, "--history", "rec_9");
  expect([stranger.code, stranger.report.failures.length]).toEqual([1, 1]);
  const runs = await verify(cwd, "--history", "runs");
  const counts = { done: 4, findings: 1, failed: 0 };
  expect([runs.code, runs.report.results]).toMatchObject([0, [{ subject: runId, status: "findings", counts }]]);
  expect(runs.report.results.length).toBe(1);
});

test("what a clock that was wrong has looked at in the future is not taken for young", async () => {
  const cwd = await makeArchive(2);
  await age(cwd, { rec_0: -1000, rec_1: 3 });
  expect((await verify(cwd, "--max-age", "30d")).order).toEqual(["rec_0"]);
});
