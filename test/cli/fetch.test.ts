import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listTree } from "../helpers/list-tree.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { readFixture } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { type HeldRecording, openTinyVendor, type TinyVendor } from "../helpers/tiny-vendor.ts";

const KEY = "key-that-must-stay-secret";
const mp3 = await readFixture("mp3-64k-16000.mp3");
const opus = await readFixture("opus-32k-16000.opus");
const wav = await readFixture("wav-256k-16000.wav");
const THREE: readonly HeldRecording[] = [
  { id: "rec_1", bytes: mp3 },
  { id: "rec_2", bytes: opus },
  { id: "rec_3", bytes: wav },
];

interface FetchReport {
  readonly code: number | null;
  readonly stderr: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at parts of every shape
  readonly report: any;
}

async function fetchInto(cwd: string, vendor: TinyVendor, ...args: string[]): Promise<FetchReport> {
  const env = { AUDIAN_BASE_URL: vendor.baseUrl, AUDIAN_API_KEY: KEY };
  const { code, stdout, stderr } = await runHoldfast(["fetch", "--json", ...args], { cwd, env });
  expect(stdout + stderr).not.toContain(KEY);
  return { code, stderr, report: JSON.parse(stdout) };
}

async function writeEvents(cwd: string, ...lines: readonly string[]): Promise<string> {
  await writeFile(join(cwd, "events.ndjson"), `${lines.join("\n")}\n\n`);
  return "events.ndjson";
}

async function recordingsOf(cwd: string): Promise<readonly string[]> {
  return (await listTree(cwd)).filter((path) => path.includes("recordings/"));
}

test("the list is fetched once; a second run finds all of it there", async () => {
  const cwd = await makeTemporaryFolder();
  const vendor = await openTinyVendor(THREE);
  const first = await fetchInto(cwd, vendor);
  expect(first.code).toBe(0);
  expect(first.report).toMatchObject({ outcome: "ok", counts: { planned: 3, done: 3, skipped: 0, failed: 0 } });
  for (const result of first.report.results) {
    expect(result).toMatchObject({ status: "fetched", evidence: "size-only", attempts: 1, complete: true });
    const bytes = await readFile(join(cwd, result.path));
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(result.sha256);
  }
  expect(await recordingsOf(cwd)).toEqual(
    ["rec_1.json", "rec_1.mp3", "rec_2.json", "rec_2.opus", "rec_3.json", "rec_3.wav"].map(
      (name) => `archive/recordings/2024/01/15/${name}`,
    ),
  );
  const second = await fetchInto(cwd, vendor);
  expect(second.report).toMatchObject({ outcome: "ok", counts: { planned: 3, done: 0, skipped: 3 } });
  expect([...vendor.downloads.values()]).toEqual([1, 1, 1]);
});

test("a webhook's checksum proves the bytes, and events alone choose what is fetched", async () => {
  const cwd = await makeTemporaryFolder();
  const vendor = await openTinyVendor(THREE);
  const events = await writeEvents(cwd, vendor.eventLine("rec_2"), vendor.eventLine("rec_2"));
  const { code, report } = await fetchInto(cwd, vendor, "--events", events);
  expect(code).toBe(0);
  expect(report.results).toMatchObject([{ recordingId: "rec_2", status: "fetched", evidence: "vendor-digest" }]);
});

describe("what is not what was promised gets no name", () => {
  const json = Buffer.from(`{"error":"not_found","message":"Recording not found","code":404}`);
  test.each([
    ["a wrong digest", { id: "rec_1", bytes: mp3 }, "ab".repeat(32), "DIGEST_MISMATCH", "digest-mismatch"],
    [
      "a wrong size",
      { id: "rec_1", bytes: mp3, sizeBytes: mp3.length + 1 },
      undefined,
      "SIZE_MISMATCH",
      "size-mismatch",
    ],
    ["an error body", { id: "rec_1", bytes: json }, undefined, "MEDIA_NOT_AUDIO", undefined],
    ["an error body with its digest", { id: "rec_1", bytes: json }, "own", "MEDIA_NOT_AUDIO", "not-audio"],
    ["nothing", { id: "rec_1", bytes: Buffer.alloc(0) }, undefined, "MEDIA_NOT_AUDIO", undefined],
  ] as const)("%s", async (_, held, sha256, code, kind) => {
    const cwd = await makeTemporaryFolder();
    const vendor = await openTinyVendor([held]);
    const line = sha256 === undefined ? [] : [vendor.eventLine("rec_1", sha256 === "own" ? undefined : sha256)];
    const args = line.length === 0 ? [] : ["--events", await writeEvents(cwd, ...line)];
    const ran = await fetchInto(cwd, vendor, ...args);
    const kinds = kind === undefined ? [] : [kind];
    expect(ran.code).toBe(kind === undefined ? 1 : 4);
    // Twice the same wrong bytes: more attempts would bring no others.
    expect(ran.report.results).toMatchObject([{ recordingId: "rec_1", status: "failed", attempts: 2 }]);
    expect(ran.report.failures.map((failure: { code: string }) => failure.code)).toEqual([code]);
    expect(ran.report.findings.map((finding: { kind: string }) => finding.kind)).toEqual(kinds);
    const tree = await listTree(join(cwd, "archive"));
    expect(tree.filter((path) => /^recordings|\.part(ial)?$/.test(path))).toEqual([]);
    const kept = tree.filter((path) => path.startsWith("quarantine/"));
    const name = `quarantine/rec_1.${createHash("sha256").update(held.bytes).digest("hex").slice(0, 16)}`;
    expect(kept).toEqual(kind === undefined ? [] : [name, `${name}.json`]);
    if (kind !== undefined) expect((await readFile(join(cwd, "archive", name))).equals(held.bytes)).toBe(true);
  });
});

test("one bad recording stops no other, and the exit code says so", async () => {
  const cwd = await makeTemporaryFolder();
  const vendor = await openTinyVendor([...THREE, { id: "bad", bytes: Buffer.from("<html>") }]);
  const { code, report } = await fetchInto(cwd, vendor);
  expect([code, report.outcome, report.counts.done, report.counts.failed]).toEqual([3, "partial", 3, 1]);
});

test("what is not completed is skipped with the reason", async () => {
  const cwd = await makeTemporaryFolder();
  const vendor = await openTinyVendor([
    { id: "rec_1", bytes: mp3, status: "processing" },
    { id: "rec_2", bytes: mp3, status: "failed" },
  ]);
  const { code, report } = await fetchInto(cwd, vendor);
  expect(code).toBe(0);
  expect(report.results.map((r: { status: string; reason: string }) => [r.status, r.reason]).toSorted()).toEqual([
    ["skipped", "failed-at-vendor"],
    ["skipped", "not-completed"],
  ]);
});

test("a server that fails for a moment is asked again", async () => {
  const cwd = await makeTemporaryFolder();
  const vendor = await openTinyVendor([{ id: "rec_1", bytes: mp3, failures: 1 }]);
  const { code, report } = await fetchInto(cwd, vendor);
  expect(code).toBe(0);
  expect(report.results).toMatchObject([{ status: "fetched", attempts: 2 }]);
});

describe("evidence that is none becomes a finding", () => {
  test("a checksum of 16 digits", async () => {
    const cwd = await makeTemporaryFolder();
    const vendor = await openTinyVendor(THREE);
    const events = await writeEvents(cwd, vendor.eventLine("rec_1", "abcdef0123456789"));
    const { code, report } = await fetchInto(cwd, vendor, "--events", events);
    expect(code).toBe(4);
    expect(report.findings).toMatchObject([{ kind: "checksum-unverifiable", subject: "rec_1" }]);
    expect(report.results).toMatchObject([{ status: "fetched", evidence: "size-only" }]);
  });

  test("two checksums that contradict each other", async () => {
    const cwd = await makeTemporaryFolder();
    const vendor = await openTinyVendor(THREE);
    const events = await writeEvents(cwd, vendor.eventLine("rec_1"), vendor.eventLine("rec_1", "cd".repeat(32)));
    const { code, report } = await fetchInto(cwd, vendor, "--events", events);
    expect(code).toBe(4);
    expect(report.findings).toMatchObject([{ kind: "checksum-unverifiable" }, { kind: "digest-mismatch" }]);
    expect(report.failures).toMatchObject([{ subject: "rec_1", code: "DIGEST_MISMATCH" }]);
    const tree = await listTree(join(cwd, "archive"));
    expect(tree.filter((path) => /^quarantine|^recordings/.test(path))).toHaveLength(2);
    expect(tree.filter((path) => path.startsWith("recordings"))).toEqual([]);
  });

  test("a checksum that changes after the recording was stored", async () => {
    const cwd = await makeTemporaryFolder();
    const vendor = await openTinyVendor(THREE);
    await fetchInto(cwd, vendor);
    const events = await writeEvents(cwd, vendor.eventLine("rec_1", "cd".repeat(32)));
    const { code, report } = await fetchInto(cwd, vendor, "--events", events);
    expect(code).toBe(4);
    expect(report.findings).toMatchObject([{ kind: "digest-mismatch", subject: "rec_1" }]);
  });
});

test("a line that is no event is named and stops nothing", async () => {
  const cwd = await makeTemporaryFolder();
  const vendor = await openTinyVendor(THREE);
  const events = await writeEvents(cwd, vendor.eventLine("rec_1"), "not json", vendor.eventLine("rec_2"));
  const { code, report } = await fetchInto(cwd, vendor, "--events", events);
  expect([code, report.counts.done]).toEqual([3, 2]);
  expect(report.failures).toMatchObject([{ subject: "events.ndjson:2", code: "WEBHOOK_INVALID" }]);
});

test("an original that vanished is fetched again, and only with its own digest", async () => {
  const cwd = await makeTemporaryFolder();
  const vendor = await openTinyVendor([{ id: "rec_1", bytes: mp3 }]);
  await fetchInto(cwd, vendor);
  const original = join(cwd, "archive/recordings/2024/01/15/rec_1.mp3");
  await rm(original);
  expect((await fetchInto(cwd, vendor)).report.results).toMatchObject([{ status: "fetched" }]);
  expect(await readFile(original)).toEqual(mp3);

  await rm(original);
  const changed = await openTinyVendor([{ id: "rec_1", bytes: await readFixture("mp3-32k-8000.mp3") }]);
  const ran = await fetchInto(cwd, changed);
  expect([ran.code, ran.report.failures[0].code]).toEqual([4, "DIGEST_MISMATCH"]);
  expect(await recordingsOf(cwd)).toEqual(["archive/recordings/2024/01/15/rec_1.json"]);
});

test("an original without its sidecar is adopted after it was read, not fetched again", async () => {
  const cwd = await makeTemporaryFolder();
  const vendor = await openTinyVendor([{ id: "rec_1", bytes: mp3 }]);
  await fetchInto(cwd, vendor);
  const sidecar = join(cwd, "archive/recordings/2024/01/15/rec_1.json");
  await rm(sidecar);
  const { code, report } = await fetchInto(cwd, vendor);
  expect([code, report.results[0].status, report.results[0].attempts]).toEqual([0, "fetched", 0]);
  expect(vendor.downloads.get("rec_1")).toBe(1);

  // With nothing that says what it must be, a file of the right size is no recording.
  for (const file of [sidecar, join(cwd, "archive/catalogue.sqlite")]) await rm(file);
  const unknown = await fetchInto(cwd, vendor);
  expect([unknown.code, unknown.report.failures[0].code]).toEqual([1, "ARCHIVE_CONFLICT"]);
  const proven = await fetchInto(cwd, vendor, "--events", await writeEvents(cwd, vendor.eventLine("rec_1")));
  expect([proven.code, proven.report.results[0].attempts]).toEqual([0, 0]);
});

test("a dry run says what would be fetched and writes nothing at all", async () => {
  const cwd = await makeTemporaryFolder();
  const vendor = await openTinyVendor(THREE);
  const { code, report } = await fetchInto(cwd, vendor, "--dry-run");
  expect(code).toBe(0);
  expect(report.results.map((r: { action: string }) => r.action)).toEqual(["download", "download", "download"]);
  expect([await listTree(cwd), vendor.downloads.size]).toEqual([[], 0]);
});

test("ids that would be other paths stay in their folder", async () => {
  const cwd = await makeTemporaryFolder();
  const vendor = await openTinyVendor([
    { id: "../../../evil", bytes: mp3 },
    { id: "a:b", bytes: opus },
  ]);
  const { code } = await fetchInto(cwd, vendor);
  expect(code).toBe(0);
  expect(await recordingsOf(cwd)).toEqual(
    ["..%2F..%2F..%2Fevil.json", "..%2F..%2F..%2Fevil.mp3", "a%3Ab.json", "a%3Ab.opus"].map(
      (name) => `archive/recordings/2024/01/15/${name}`,
    ),
  );
});

test("a vendor that cannot be reached, and a key that it refuses", async () => {
  const cwd = await makeTemporaryFolder();
  const env = { AUDIAN_BASE_URL: "http://127.0.0.1:1/v2", AUDIAN_API_KEY: KEY };
  const { code, stderr, stdout } = await runHoldfast(["fetch"], { cwd, env });
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/VENDOR_UNAVAILABLE/);
});
