import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import type { Archive } from "../../../src/archive/archive.ts";
import type { Sidecar } from "../../../src/archive/schema.ts";
import type { Direction } from "../../../src/core/call-details.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import type { CheckStatus, VerifyLevel } from "../../../src/core/verification.ts";
import { planRetain, type RetainRequest } from "../../../src/custody/retain-plan.ts";
import { runRetain } from "../../../src/custody/retain-run.ts";
import type { RetentionRule } from "../../../src/custody/retention-rules.ts";
import { listTree } from "../../helpers/list-tree.ts";
import { makeWav, tone } from "../../helpers/make-wav.ts";
import { openTestArchive, TEST_CLOCK } from "../../helpers/open-test-archive.ts";
import { makeSidecar } from "../../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const DAY_MS = 86_400_000;
const NOW_MS = TEST_CLOCK.now();
const BYTES = makeWav([tone(400, 300)]);
const YEAR: RetentionRule = {
  ...{ name: "a year", direction: undefined, listed: undefined },
  term: { kind: "older-than", ageMs: 365 * DAY_MS },
};
const OPTIONS = { removedBy: "ada@lovelace", concurrency: 2, clock: TEST_CLOCK };

async function store(archive: Archive, id: string, ageDays: number, direction?: Direction): Promise<void> {
  const sidecar = await makeSidecar(id, BYTES);
  const createdAt = new Date(NOW_MS - ageDays * DAY_MS).toISOString();
  const vendor: Sidecar["vendor"] = { ...sidecar.vendor, createdAt, ...(direction === undefined ? {} : { direction }) };
  const staged = archive.stage(id);
  await staged.write(Readable.from([BYTES]), () => undefined);
  await archive.storeOriginal(staged, { ...sidecar, vendor });
}

/** Notes that a recording was looked at so many days ago. */
async function look(
  archive: Archive,
  id: string,
  daysAgo: number,
  found: Partial<{ status: CheckStatus; level: VerifyLevel }> = {},
) {
  const { status = "ok", level = "digest" } = found;
  const check = { recordingId: parseRecordingId(id), runId: "then", level, status, traces: {} };
  await archive.checks.note([{ ...check, checkedAtMs: NOW_MS - daysAgo * DAY_MS }], []);
}

/** An archive of recordings of so many days, each found right yesterday. */
async function openArchiveOf(ages: Readonly<Record<string, number>>) {
  const folder = await makeTemporaryFolder();
  const archive = await openTestArchive(folder);
  for (const [id, ageDays] of Object.entries(ages)) {
    await store(archive, id, ageDays);
    await look(archive, id, 1);
  }
  const audio = async () =>
    (await listTree(join(folder, "archive/recordings"))).filter((path) => path.endsWith(".wav"));
  return { folder, archive, audio };
}

async function plan(archive: Archive, request: Partial<RetainRequest> = {}, nowMs = NOW_MS) {
  return planRetain({ archive }, { rules: [YEAR], verifiedWithinMs: 30 * DAY_MS, ...request }, { nowMs });
}

async function retain(archive: Archive, request: Partial<RetainRequest> = {}) {
  return runRetain({ archive }, await plan(archive, request), OPTIONS);
}

const toStatuses = (results: readonly { subject: string; status: string }[]) =>
  Object.fromEntries(results.map(({ subject, status }) => [subject, status]));

test("what is due goes, what is not stays, and a second run has nothing left to do", async () => {
  const { archive, audio } = await openArchiveOf({ old: 400, older: 800, young: 300 });
  const planned = await plan(archive);
  expect(planned.items.map(({ recordingId, ageDays }) => [recordingId, ageDays])).toEqual([
    ["older", 800],
    ["old", 400],
  ]);
  expect((await audio()).length).toBe(3);
  const report = await runRetain({ archive }, planned, OPTIONS);
  expect([report.outcome, toStatuses(report.results)]).toEqual(["ok", { older: "removed", old: "removed" }]);
  expect(report.counts).toMatchObject({ planned: 2, done: 2, bytes: 2 * BYTES.length });
  expect(await audio()).toEqual([expect.stringContaining("young.wav")]);
  const again = await plan(archive);
  expect([again.items, again.others]).toEqual([[], { "no-rule": 0, "not-due": 1, kept: 0, "removed-before": 2 }]);
});

test("what is held stays, and the report names its cases", async () => {
  const { archive, audio } = await openArchiveOf({ held: 400, free: 400 });
  const criteria = { kind: "named", recordingIds: ["held"], callIds: [] } as const;
  await archive.record([{ type: "held", subject: "case-7", detail: { criteria } }]);
  const report = await retain(archive);
  expect([report.outcome, toStatuses(report.results)]).toEqual(["refused", { held: "held", free: "removed" }]);
  expect(report.results.find(({ subject }) => subject === "held")?.cases).toEqual(["case-7"]);
  expect(report.failures.map(({ subject, code }) => [subject, code])).toEqual([["held", "HOLD_PREVENTS_CHANGE"]]);
  expect(await audio()).toEqual([expect.stringContaining("held.wav")]);
});

test("a hold that is added after the planning counts as well", async () => {
  const { archive, audio } = await openArchiveOf({ late: 400 });
  const planned = await plan(archive);
  const criteria = { kind: "matching", untilMs: NOW_MS } as const;
  await archive.record([{ type: "held", subject: "case-8", detail: { criteria } }]);
  const report = await runRetain({ archive }, planned, OPTIONS);
  expect(report.results).toMatchObject([{ status: "held", cases: ["case-8"] }]);
  expect([report.outcome, (await audio()).length]).toEqual(["refused", 1]);
});

describe("what was not found right lately stays", () => {
  test.each([
    ["never", async () => undefined],
    ["never", (archive: Archive) => look(archive, "rec", 1, { level: "presence" })],
    ["too-long-ago", (archive: Archive) => look(archive, "rec", 31)],
    ["ahead-of-clock", (archive: Archive) => look(archive, "rec", -1)],
    ["damaged", (archive: Archive) => look(archive, "rec", 1, { status: "damaged" })],
    ["missing", (archive: Archive) => look(archive, "rec", 1, { status: "missing" })],
  ])("%s", async (reason, prepare) => {
    const { archive, audio } = await openArchiveOf({});
    await store(archive, "rec", 400);
    await prepare(archive);
    const report = await retain(archive);
    expect(report.results).toMatchObject([{ status: "not-verified", reason }]);
    expect([report.outcome, (await audio()).length]).toEqual(["ok", 1]);
  });

  test("and a clock that has jumped years ahead removes nothing", async () => {
    const { archive } = await openArchiveOf({ young: 3 });
    const { items } = await plan(archive, {}, NOW_MS + 10 * 365 * DAY_MS);
    expect(items).toMatchObject([{ recordingId: "young", stand: { kind: "not-verified", why: "too-long-ago" } }]);
  });

  test.each([
    ["missing", "missing", (path: string) => rm(path)],
    ["damaged", "size-mismatch", (path: string) => writeFile(path, "short")],
  ] as const)("an original that is %s when it is to go is a finding", async (reason, kind, harm) => {
    const { archive, folder, audio } = await openArchiveOf({ lost: 400 });
    const [path = ""] = await audio();
    await harm(join(folder, "archive/recordings", path));
    const report = await retain(archive);
    expect(report.results).toMatchObject([{ status: "not-verified", reason }]);
    expect(report.findings.map((finding) => finding.kind)).toEqual([kind]);
    expect(report.outcome).toBe("findings");
    await expect(archive.findCatalogued(parseRecordingId("lost"))).resolves.toBeDefined();
  });
});

test("a direction is that of the vendor, and lists are held against the archive", async () => {
  const { archive } = await openArchiveOf({ unknown: 400 });
  await store(archive, "in", 400, "inbound");
  await store(archive, "out", 400, "outbound");
  const inbound: RetentionRule = { ...YEAR, name: "in", direction: "inbound" };
  const listed = new Set([parseRecordingId("unknown"), parseRecordingId("typo")]);
  const list: RetentionRule = { ...YEAR, name: "list", term: { kind: "at-once" }, listed };
  const { items, rules } = await plan(archive, { rules: [inbound, list] });
  expect(items.map(({ recordingId, rule }) => [recordingId, rule.name]).toSorted()).toEqual([
    ["in", "in"],
    ["unknown", "list"],
  ]);
  expect(rules).toEqual([
    { name: "in", due: 1, notInArchive: undefined },
    { name: "list", due: 1, notInArchive: 1 },
  ]);
});

test("a run that is cancelled ends between recordings, and verify finds nothing half done", async () => {
  const { archive, audio } = await openArchiveOf({ a: 400, b: 400, c: 400 });
  const cancelling = new AbortController();
  const onEvent = ({ type }: { type: string }) => type === "ended" && cancelling.abort();
  const options = { ...OPTIONS, concurrency: 1, signal: cancelling.signal, onEvent };
  const report = await runRetain({ archive }, await plan(archive), options);
  expect([report.outcome, report.counts.done, (await audio()).length]).toEqual(["cancelled", 1, 2]);
  expect((await plan(archive)).items.length).toBe(2);
});

test("what the catalogue makes older than its sidecar says stays, and is told of", async () => {
  const { archive, audio } = await openArchiveOf({ old: 400 });
  const planned = await plan(archive);
  const items = planned.items.map((item) => ({ ...item, createdAtMs: item.createdAtMs - DAY_MS }));
  const report = await runRetain({ archive }, { items }, OPTIONS);
  expect(report.findings).toMatchObject([{ kind: "not-conforming", subject: "old" }]);
  expect(report.outcome).toBe("findings");
  expect((await audio()).length).toBe(1);
});
