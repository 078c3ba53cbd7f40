import { existsSync } from "node:fs";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import {
  DEAF,
  isAlive,
  NEVER_ENDS,
  WRITE_RUBBISH,
  waitForPids,
  waitUntilGone,
  writeFakeFfmpeg,
} from "../helpers/fake-ffmpeg.ts";
import { listTree } from "../helpers/list-tree.ts";
import { finish, runHoldfast, startHoldfast } from "../helpers/run-holdfast.ts";
import { readFixture } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { openTinyVendor } from "../helpers/tiny-vendor.ts";

const FIXTURE = join(import.meta.dirname, "../../fixtures/audio/ok/wav-128k-8000.wav");

/** Starts a conversion by an ffmpeg that begins to write and never ends, and waits until it is at work. */
async function startEndless(body: string) {
  const cwd = await makeTemporaryFolder();
  await copyFile(FIXTURE, join(cwd, "x.wav"));
  const ffmpeg = await writeFakeFfmpeg(cwd, `${WRITE_RUBBISH}; ${body}`);
  const child = startHoldfast(["convert", "x.wav", "--to", "mp3", "--out", "o", "--json", "--ffmpeg", ffmpeg], { cwd });
  const ended = finish(child);
  const pids = await waitForPids(cwd);
  return { cwd, child, ended, pids };
}

describe("convert", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s: ffmpeg is gone, the report is there, nothing else is left",
    async (signal) => {
      const { cwd, child, ended, pids } = await startEndless(NEVER_ENDS);
      expect(pids.map(isAlive)).toEqual([true, true]);
      child.kill(signal);
      const { code, stdout, stderr } = await ended;
      expect([code, JSON.parse(stdout).outcome, stderr]).toEqual([130, "cancelled", ""]);
      expect(JSON.parse(stdout).counts).toMatchObject({ planned: 1, done: 0, failed: 0 });
      await waitUntilGone(pids);
      expect(await listTree(cwd)).toEqual(["ffmpeg", "pids", "x.wav"]);
    },
  );

  test("twice: it ends at once, with nothing under a final name", async () => {
    const { cwd, child, ended, pids } = await startEndless(DEAF);
    child.kill("SIGINT");
    // From then on the program has heard the first one.
    while (!existsSync(join(cwd, "asked"))) await sleep(10);
    child.kill("SIGINT");
    await ended;
    expect(child.signalCode ?? child.exitCode).toBe("SIGINT");
    expect((await listTree(cwd)).filter((path) => path.endsWith(".mp3"))).toEqual([]);
    for (const pid of pids.filter(isAlive)) process.kill(pid, "SIGKILL");
  });
});

describe("fetch", () => {
  test("SIGINT: what is under way is rolled back, what was done stays, the next run fetches the rest", async () => {
    const cwd = await makeTemporaryFolder();
    const bytes = await readFixture("wav-256k-16000.wav");
    const held = Array.from({ length: 12 }, (_, index) => ({ id: `rec_${index}`, bytes, dripMs: 60 }));
    const vendor = await openTinyVendor(held);
    const env = { AUDIAN_BASE_URL: vendor.baseUrl, AUDIAN_API_KEY: "key" };
    const args = ["fetch", "--concurrency", "3", "--json"];
    const child = startHoldfast(args, { cwd, env });
    const ended = finish(child);
    while (vendor.downloads.size < 7) await sleep(10);
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    const report = JSON.parse(stdout);
    expect([code, report.outcome, report.counts.failed]).toEqual([130, "cancelled", 0]);
    const stored = (await listTree(cwd)).filter((path) => path.endsWith(".wav"));
    expect(stored).toHaveLength(report.counts.done);
    for (const path of stored) expect((await readFile(join(cwd, path))).equals(bytes)).toBe(true);
    expect((await listTree(cwd)).filter((path) => path.endsWith(".part"))).toEqual([]);
    const rest = JSON.parse((await runHoldfast(args, { cwd, env })).stdout);
    expect(rest.counts).toMatchObject({ planned: 12, done: 12 - stored.length, skipped: stored.length });
    expect((await runHoldfast(["verify"], { cwd })).code).toBe(0);
  });

  test("SIGINT while the list is awaited", async () => {
    const cwd = await makeTemporaryFolder();
    const vendor = await openTinyVendor([], { isSilent: true });
    const env = { AUDIAN_BASE_URL: vendor.baseUrl, AUDIAN_API_KEY: "key" };
    const child = startHoldfast(["fetch", "--json"], { cwd, env });
    const ended = finish(child);
    await vendor.asked;
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    expect([code, JSON.parse(stdout).outcome]).toEqual([130, "cancelled"]);
    expect(stderr).toBe("holdfast: cancelled\n");
  });
});
