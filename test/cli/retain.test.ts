import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openArchive } from "../../src/compose.ts";
import { listTree } from "../helpers/list-tree.ts";
import { makeWav, tone } from "../helpers/make-wav.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { storeRecording } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { TEST_CUSTODIAN } from "../helpers/test-custodian.ts";
import { openTinyVendor } from "../helpers/tiny-vendor.ts";

const IDS = ["rec_1", "rec_2", "rec_3"];
const BYTES = makeWav([tone(400, 300)]);
const CONFIG = { retention: { rules: [{ name: "a year", olderThan: "365d" }] } };

/** An archive of recordings of 2024, the rule that lets them go, and a hold if it is asked for. */
async function makeArchive({ held }: { readonly held?: string } = {}) {
  const cwd = await makeTemporaryFolder();
  await writeFile(join(cwd, "holdfast.config.json"), JSON.stringify(CONFIG));
  const now = { now: () => Date.now() };
  const archive = await openArchive(join(cwd, "archive"), { clock: now, create: true, custodian: TEST_CUSTODIAN });
  for (const id of IDS) await storeRecording(archive, id, BYTES);
  const criteria = { kind: "named", recordingIds: [held], callIds: [] };
  if (held !== undefined) await archive.record([{ type: "held", subject: "case-1", detail: { criteria } }]);
  await archive.close();
  const audio = async () => (await listTree(join(cwd, "archive/recordings"))).filter((path) => path.endsWith(".wav"));
  return { cwd, audio };
}

/** Runs a command with `--json`; `of` gives a result's status by what it is about. */
async function run(cwd: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await runHoldfast([...args, "--json"], { cwd, env: { AUDIAN_API_KEY: "key" } });
  if (stdout === "") throw new Error(stderr);
  const report = JSON.parse(stdout);
  const results: readonly { recordingId: string; status: string }[] = report.results;
  return { code, report, of: results.map(({ recordingId, status }) => `${recordingId} ${status}`).toSorted() };
}

test("what a rule lets go is removed if it is not held, and stays removed for every other command", async () => {
  const { cwd, audio } = await makeArchive({ held: "rec_2" });
  expect((await run(cwd, "verify")).code).toBe(0);

  const said = await runHoldfast(["retain"], { cwd });
  expect([said.code, (await audio()).length]).toEqual([5, 3]);
  expect(said.stdout).toMatch(/^would-remove +rec_1 .* a year$/m);
  expect(said.stdout).toContain("would be removed: 2 recordings");
  expect(said.stdout).toContain("dry run: nothing was removed; --apply removes");
  expect(said.stdout).toContain("held for case-1: rec_2 may not be removed (HOLD_PREVENTS_CHANGE)");

  const done = await run(cwd, "retain", "--apply");
  expect([done.code, done.of]).toEqual([5, ["rec_1 removed", "rec_2 held", "rec_3 removed"]]);
  expect([done.report.applied, done.report.counts.bytes]).toEqual([true, 2 * BYTES.length]);
  expect(await audio()).toEqual([expect.stringContaining("rec_2.wav")]);

  expect((await run(cwd, "verify", "--level", "structure")).code).toBe(0);
  const vendor = await openTinyVendor(IDS.map((id) => ({ id, bytes: BYTES })));
  const fetched = await run(cwd, "fetch", "--base-url", vendor.baseUrl);
  expect([fetched.code, fetched.of]).toEqual([0, ["rec_1 skipped", "rec_2 already", "rec_3 skipped"]]);
  expect(vendor.downloads.size).toBe(0);
  const reconciled = await run(cwd, "reconcile", "--base-url", vendor.baseUrl, "--retention-days", "100000");
  expect([reconciled.code, reconciled.of]).toEqual([0, ["rec_2 agreed"]]);
  const converted = await run(cwd, "convert", "--to", "mp3", "--dry-run");
  expect([converted.code, converted.report.counts.planned]).toEqual([0, 1]);
});

test("without rules, or with flags that contradict each other, nothing is begun", async () => {
  const { cwd, audio } = await makeArchive();
  await writeFile(join(cwd, "empty.json"), "{}");
  const none = await runHoldfast(["retain", "--apply", "--config", "empty.json"], { cwd });
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("no retention rules in empty.json")]);
  expect((await runHoldfast(["retain", "--apply", "--dry-run"], { cwd })).code).toBe(2);
  expect((await audio()).length).toBe(3);
});
