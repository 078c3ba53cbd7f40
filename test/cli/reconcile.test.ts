import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listTree } from "../helpers/list-tree.ts";
import { openTestArchive } from "../helpers/open-test-archive.ts";
import { type Ran, runHoldfast } from "../helpers/run-holdfast.ts";
import { readFixture, storeRecording } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { openTinyVendor, type TinyVendor } from "../helpers/tiny-vendor.ts";

const KEY = "key-that-must-stay-secret";
const wav = await readFixture("wav-256k-16000.wav");
const TWO = [
  { id: "rec_1", bytes: wav },
  { id: "rec_2", bytes: wav },
];
/** The vendor's recordings and those of the archive are of January 2024. */
const CREATED_AT = "2024-01-15T10:35:10.000Z";
const FOR_EVER = ["--retention-days", "100000"];

async function reconcile(cwd: string, vendor: Pick<TinyVendor, "baseUrl">, ...args: string[]): Promise<Ran> {
  const env = { AUDIAN_BASE_URL: vendor.baseUrl, AUDIAN_API_KEY: KEY };
  const ran = await runHoldfast(["reconcile", ...args], { cwd, env });
  expect(ran.stdout + ran.stderr).not.toContain(KEY);
  return ran;
}

async function storeAll(cwd: string, ids: readonly string[]): Promise<void> {
  const archive = await openTestArchive(cwd);
  for (const id of ids) await storeRecording(archive, id, wav);
  await archive.close();
}

test("without an archive all is missing, and none is made", async () => {
  const cwd = await makeTemporaryFolder();
  const { code, stdout } = await reconcile(cwd, await openTinyVendor(TWO), "--json", ...FOR_EVER);
  expect(code).toBe(4);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ command: "reconcile", outcome: "findings", watermark: CREATED_AT });
  expect(report.results).toMatchObject([
    {
      recordingId: "rec_1",
      callId: "call_rec_1",
      status: "gap",
      reason: "not-fetched",
      inList: true,
      inArchive: false,
    },
    { recordingId: "rec_2", status: "gap" },
  ]);
  expect(report.findings).toMatchObject([{ kind: "missing", subject: "rec_1" }, { kind: "missing" }]);
  expect(await listTree(cwd)).toEqual([]);
});

test("an archive that has all agrees, until an original is gone", async () => {
  const cwd = await makeTemporaryFolder();
  const vendor = await openTinyVendor(TWO);
  await storeAll(cwd, ["rec_1", "rec_2"]);
  const whole = await reconcile(cwd, vendor, "--json");
  expect(whole.code).toBe(0);
  const report = JSON.parse(whole.stdout);
  expect(report).toMatchObject({ outcome: "ok", watermark: report.listAskedAt, counts: { planned: 2, done: 2 } });
  await rm(join(cwd, "archive/recordings/2024/01/15/rec_2.wav"));
  const broken = await reconcile(cwd, vendor, "--json");
  expect(broken.code).toBe(4);
  expect(JSON.parse(broken.stdout)).toMatchObject({
    watermark: CREATED_AT,
    results: [{ recordingId: "rec_2", status: "gap", reason: "original-missing" }, { recordingId: "rec_1" }],
  });
});

test("webhooks count, those of a file and those that the archive has received", async () => {
  const cwd = await makeTemporaryFolder();
  const vendor = await openTinyVendor(TWO);
  await storeAll(cwd, ["rec_1", "rec_2"]);
  await writeFile(join(cwd, "events.ndjson"), `${vendor.eventLine("rec_1")}\n`);
  await mkdir(join(cwd, "archive/events"));
  const received = vendor.eventLine("rec_2", "ab".repeat(32));
  await writeFile(join(cwd, "archive/events/received.ndjson"), `${received}\n`);
  const { code, stdout } = await reconcile(cwd, vendor, "--json", "--events", "events.ndjson");
  expect(code).toBe(4);
  expect(JSON.parse(stdout).results).toMatchObject([
    { recordingId: "rec_2", status: "conflict", reason: "digest-differs", inEvents: true },
    { recordingId: "rec_1", status: "agreed", inEvents: true },
  ]);
});

test("a person reads what is missing, how long it can still be had, and up to when all is well", async () => {
  const cwd = await makeTemporaryFolder();
  const vendor = await openTinyVendor(TWO);
  await storeAll(cwd, ["rec_1"]);
  const { code, stdout } = await reconcile(cwd, vendor, ...FOR_EVER);
  expect(code).toBe(4);
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^status +recording +call +deleted +why$/);
  expect(lines[1]).toMatch(/^gap +rec_2 +call_rec_2 +in \d+\.\d days +not in the archive$/);
  expect(lines[2]).toMatch(/^1 gap, the next is deleted in \d+\.\d days \(\d{4}-.*Z\)$/);
  expect(lines[3]).toBe("list 2, webhooks 0, archive 1");
  expect(lines[4]).toMatch(
    new RegExp(`^all sides agree on what was created before ${CREATED_AT} \\(list asked at .*Z\\)$`),
  );
  expect(lines).toHaveLength(5);
});

test("what the vendor was to delete long ago is due", async () => {
  const cwd = await makeTemporaryFolder();
  const { stdout } = await reconcile(cwd, await openTinyVendor(TWO));
  expect(stdout).toMatch(/^gap +rec_1 +call_rec_1 +due \d+\.\d days ago +not in the archive$/m);
  expect(stdout).toContain("\n2 gaps, 2 of them overdue\n");
});

test("a list that cannot be had is a failure, not an empty list", async () => {
  const cwd = await makeTemporaryFolder();
  await storeAll(cwd, ["rec_1"]);
  const vendor = await openTinyVendor([{ id: "rec_1", bytes: wav, status: "no such state" }]);
  const { code, stdout } = await reconcile(cwd, vendor, "--json");
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ outcome: "failed", failures: [{ code: "VENDOR_LIST_INCOMPLETE" }] });
});

test("nothing anywhere is no success", async () => {
  const cwd = await makeTemporaryFolder();
  const { code, stderr } = await reconcile(cwd, await openTinyVendor([]));
  expect(code).toBe(1);
  expect(stderr).toContain("NOTHING_TO_DO");
});

test.each([
  ["--retention-days", "0"],
  ["--retention-days", "soon"],
  ["--since", "yesterday"],
])("%s %s is refused", async (...args) => {
  const { code, stderr } = await reconcile(await makeTemporaryFolder(), { baseUrl: "http://127.0.0.1:1/v2" }, ...args);
  expect(code).toBe(2);
  expect(stderr).toContain(args[0]);
});

test("what was not looked at is not vouched for", async () => {
  const cwd = await makeTemporaryFolder();
  await storeAll(cwd, ["rec_1"]);
  const ran = await reconcile(cwd, await openTinyVendor([]), "--since", "2024-01-20", "--call-id", "call_1");
  expect(ran.code).toBe(0);
  expect(ran.stdout).toMatch(/what was created since 2024-01-20T00:00:00.000Z and before \S+ for call call_1 /);
  expect(ran.stderr).toContain("no webhook events");
});
