import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { finish, runHoldfast, startHoldfast } from "../helpers/run-holdfast.ts";
import { readFixture } from "../helpers/store-recording.ts";
import { type FetchRig, openFetchRig, sha256Of } from "../unit/ingest/fetch-rig.ts";
import { half, heldIn, ranged } from "../unit/ingest/transfer/transfer-rig.ts";

const KEY = "key-that-must-stay-secret";
const bytes = await readFixture("wav-256k-16000.wav");
const ids = ["rec_1", "rec_2", "rec_3"];

const openThree = () => openFetchRig(...ids.map((id) => ({ id, bytes })));

function toEnv(rig: FetchRig): Record<string, string> {
  return { AUDIAN_BASE_URL: `${rig.server.origin}/v2`, AUDIAN_API_KEY: KEY };
}

async function fetchWith(rig: FetchRig, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const options = { cwd: rig.folder, env: { ...toEnv(rig), ...env } };
  const { code, stdout, stderr } = await runHoldfast(["fetch", "--json", ...args], options);
  expect(stdout + stderr).not.toContain(KEY);
  return { code, stderr, report: stdout === "" ? undefined : JSON.parse(stdout) };
}

test("--ids fetches what is named, and one that the vendor does not know is a failure", async () => {
  const rig = await openThree();
  await writeFile(join(rig.folder, "ids.txt"), "# two of them\nrec_3\n\nrec_1\nrec_9\n");
  const { code, report } = await fetchWith(rig, ["--ids", "ids.txt"]);
  expect(code).toBe(3);
  expect(report.results.map(({ recordingId }: { recordingId: string }) => recordingId).toSorted()).toEqual([
    "rec_1",
    "rec_3",
  ]);
  expect(report.failures).toMatchObject([{ subject: "rec_9", code: "VENDOR_NOT_FOUND" }]);
});

test("--evidence two-reads asks for each recording twice, over connections of their own", async () => {
  const rig = await openThree();
  const { code, report } = await fetchWith(rig, ["--evidence", "two-reads"]);
  expect([code, rig.downloads().length]).toEqual([0, 6]);
  for (const result of report.results) expect(result).toMatchObject({ status: "fetched", evidence: "two-reads" });
  expect((await rig.readSidecar("rec_2")).evidence).toMatchObject({ grade: "two-reads", reads: 2 });
});

test("--max-bytes-per-second, --rate and --concurrency change how fast, and not what", async () => {
  const rig = await openThree();
  const args = ["--max-bytes-per-second", "1M", "--rate", "100/s", "--concurrency", "2"];
  const { code, report } = await fetchWith(rig, args);
  expect([code, report.counts.done]).toEqual([0, 3]);
});

test("--max-file-size bounds every body", async () => {
  const rig = await openThree();
  const { code, report } = await fetchWith(rig, ["--max-file-size", "90k"]);
  expect([code, new Set(report.failures.map((failure: { code: string }) => failure.code))]).toEqual([
    1,
    new Set(["SIZE_LIMIT_EXCEEDED"]),
  ]);
  expect(await rig.tree()).toEqual([]);
});

describe("flags that cannot be used", () => {
  test.each([
    [["--rate", "fast"], "--rate"],
    [["--max-file-size", "2 apples"], "--max-file-size"],
    [["--evidence", "three-reads"], "two-reads"],
    [["--listen", "0"], "--watch"],
  ])("%j are refused before anybody is asked", async (args, word) => {
    const rig = await openThree();
    const { code, stderr } = await fetchWith(rig, args);
    expect([code, rig.server.requests.length]).toEqual([2, 0]);
    expect(stderr).toContain(word);
  });
});

test("an event that should be signed and is not proves nothing", async () => {
  const rig = await openFetchRig({ id: "rec_1", bytes });
  const checksum = { algorithm: "sha256", value: sha256Of(bytes) };
  const data = { recording_id: "rec_1", call_id: "call_rec_1", completed_at: "2024-01-15T10:36:00Z", checksum };
  await writeFile(join(rig.folder, "events.ndjson"), JSON.stringify({ event: "recording.completed", data }));
  const unsigned = await fetchWith(rig, ["--events", "events.ndjson"], { AUDIAN_WEBHOOK_SECRET: "secret" });
  expect(unsigned.report.results).toMatchObject([{ status: "fetched", evidence: "size-only" }]);
  expect((await rig.readSidecar("rec_1")).evidence).toMatchObject({ webhookSignature: "unsigned" });
  const unchecked = await fetchWith(rig, ["--events", "events.ndjson"]);
  expect(unchecked.report.results).toMatchObject([{ status: "already", evidence: "vendor-digest" }]);
});

test("what a run had of a recording when it was ended, the next one does not ask for again", async () => {
  const rig = await openFetchRig({ id: "rec_1", bytes });
  const etag = { etag: '"v1"' };
  let stop = () => {};
  rig.change({ id: "rec_1", bytes, answers: [half(rig.held, () => stop(), etag, bytes)] });
  const child = startHoldfast(["fetch", "--json"], { cwd: rig.folder, env: toEnv(rig) });
  stop = () => child.kill("SIGINT");
  const { code, stdout } = await finish(child);
  expect([code, JSON.parse(stdout).outcome, heldIn(rig.held)]).toEqual([130, "cancelled", bytes.length / 2]);

  rig.change({ id: "rec_1", bytes, answers: [ranged(etag, bytes)] });
  const { report, stderr } = await fetchWith(rig, []);
  const [result] = report.results;
  expect(result).toMatchObject({ status: "fetched", attempts: 1, resumedFromByte: bytes.length / 2 });
  expect(stderr).toMatch(/1 recording of 1 to download, 96\.0 kB, 48\.0 kB of it held from an earlier run/);
  expect((await readFile(join(rig.folder, result.path))).equals(bytes)).toBe(true);
  expect((await runHoldfast(["verify"], { cwd: rig.folder })).code).toBe(0);
});
