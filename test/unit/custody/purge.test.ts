import { createHash } from "node:crypto";
import { cp, link, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { DELETED_AT, type DeletionConduct } from "../../helpers/deleting-vendor.ts";
import { TEST_CLOCK } from "../../helpers/test-clock.ts";
import { openTinyS3 } from "../../helpers/tiny-s3.ts";
import { openPurgeRig, type PurgeRig, type Verified } from "./purge-rig.ts";

const ORIGINAL = "recordings/2024/01/15/rec_1.wav";

/** Tells how the only recording of a run came out, and whether the vendor still has it. */
async function purgeOne(rig: PurgeRig, ...args: Parameters<PurgeRig["purge"]>) {
  const report = await rig.purge(...args);
  const [result] = report.results;
  return { report, result, isLeft: rig.vendor.left.has("rec_1") };
}

test("without --apply the vendor is only asked whether it has it, and nothing is written", async () => {
  const rig = await openPurgeRig([{ id: "rec_1" }]);
  const { report, result, isLeft } = await purgeOne(rig, { isApplied: false });
  expect([report.outcome, result?.status, isLeft]).toEqual(["ok", "would-delete", true]);
  expect(rig.vendor.requests).toEqual(["GET rec_1"]);
  expect(await rig.events()).toEqual([]);
  expect(await readdir(rig.folder)).not.toContain("receipts");
});

test("what is deleted is in the ledger and in the receipt, with all that spoke for it", async () => {
  const rig = await openPurgeRig([{ id: "rec_1" }]);
  const { report, result, isLeft } = await purgeOne(rig);
  expect([report.outcome, report.counts.done, isLeft]).toEqual(["ok", 1, false]);
  const sha256 = createHash("sha256").update(rig.bytes).digest("hex");
  expect(result).toMatchObject({ status: "deleted", attempt: { deletedAt: DELETED_AT }, evidence: { sha256 } });
  const events = await rig.events();
  expect(events.map(({ type }) => type)).toEqual(["purge-intended", "purged"]);
  expect(events[1]).toMatchObject({
    subject: "rec_1",
    digests: { original: sha256 },
    detail: { outcome: "deleted", deletedAt: DELETED_AT, storages: [{ sha256 }] },
  });
  const receipt = JSON.parse(await readFile(join(rig.folder, report.receipt?.receipt ?? ""), "utf8"));
  expect(receipt).toMatchObject({
    schema: "holdfast.purge-receipt/1",
    archiveId: rig.archive.archiveId,
    actor: "ada@lovelace",
    recordings: [{ ...result, evidence: { verified: { level: "structure", at: "2026-02-28T12:00:00.000Z" } } }],
    notAttempted: [],
  });
  expect(JSON.stringify([receipt, events])).not.toContain("the-secret-key");
  expect((await stat(join(rig.folder, report.receipt?.receipt ?? ""))).mode & 0o777).toBe(0o600);
});

const CONDUCTS: readonly (readonly [DeletionConduct, string, boolean, object])[] = [
  ["404", "already-gone", true, {}],
  ["deletes-then-500", "gone", false, { because: expect.stringContaining("500") }],
  ["deletes-silently", "gone", false, { because: expect.stringContaining("in time") }],
  ["deletes-with-page", "gone", false, { because: expect.stringContaining("not JSON") }],
  ["500-once", "deleted", false, { deletedAt: DELETED_AT }],
  ["500", "failed", true, { standing: "still-there" }],
  ["silent", "failed", true, { standing: "still-there" }],
  ["403", "failed", true, { standing: "still-there" }],
];

test("whatever the vendor answers, what is told is what it was found to have afterwards", async () => {
  const rig = await openPurgeRig(CONDUCTS.map(([conduct]) => ({ id: `rec_${conduct}`, conduct })));
  const report = await rig.purge();
  const results = new Map(report.results.map((result) => [String(result.recordingId), result]));
  const events = await rig.events();
  for (const [conduct, status, isLeft, attempt] of CONDUCTS) {
    const id = `rec_${conduct}`;
    expect(results.get(id)).toMatchObject({ status, attempt });
    expect([id, rig.vendor.left.has(id)]).toEqual([id, isLeft]);
    const types = events.filter(({ subject }) => subject === id).map(({ type }) => type);
    expect([id, types]).toEqual([id, status === "failed" ? ["purge-intended"] : ["purge-intended", "purged"]]);
  }
  expect([report.outcome, report.counts]).toMatchObject(["partial", { done: 4, skipped: 1, failed: 3 }]);
});

test("what was not verified lately, closely enough and as ok is refused, and the vendor is not asked", async () => {
  const looks: readonly (readonly Verified[])[] = [
    [{ daysAgo: 8 }],
    [{ daysAgo: 8 }, { daysAgo: 1, level: "digest" }],
    [{ daysAgo: 1 }, { daysAgo: 0, status: "damaged" }],
    [{ daysAgo: -2 }],
    [],
  ];
  const recordings = looks.map((verified, index) => ({ id: `rec_${index}`, verified }));
  const rig = await openPurgeRig(recordings);
  const report = await rig.purge();
  expect(report.outcome).toBe("refused");
  expect(report.results.map(({ reason }) => reason)).toEqual(looks.map(() => "not-verified"));
  expect(rig.vendor.requests).toEqual([]);
});

test("what a hold catches is refused and names the case", async () => {
  const rig = await openPurgeRig([{ id: "rec_1" }, { id: "rec_2" }]);
  const criteria = { kind: "named", recordingIds: ["rec_1"], callIds: [] };
  await rig.archive.record([{ type: "held", subject: "Doe v. Roe", detail: { criteria } }]);
  expect((await rig.purge({ isApplied: false })).results.map(({ status }) => status).sort()).toEqual([
    "held",
    "would-delete",
  ]);
  const report = await rig.purge();
  expect(report.outcome).toBe("refused");
  expect(report.results.map(({ recordingId, status, cases }) => [recordingId, status, cases])).toContainEqual([
    ...["rec_1", "held"],
    ["Doe v. Roe"],
  ]);
  expect([...rig.vendor.left]).toEqual(["rec_1"]);
});

test("what is too young waits, and is no failure", async () => {
  const rig = await openPurgeRig([{ id: "rec_1" }]);
  const olderThanMs = TEST_CLOCK.now() - Date.parse("2024-01-15T10:35:10Z") + 1;
  const { report, result, isLeft } = await purgeOne(rig, { rules: { olderThanMs } });
  expect([report.outcome, result?.status, isLeft, report.receipt]).toEqual(["ok", "too-young", true, undefined]);
});

test.each([
  ["another size", { sizeBytes: 1 }, "differs-at-vendor"],
  ["another state", { status: "processing" }, "not-completed"],
])("of what has %s at the vendor nothing is deleted", async (_, stated, reason) => {
  const rig = await openPurgeRig([{ id: "rec_1", ...stated }]);
  const { report, result, isLeft } = await purgeOne(rig);
  expect([report.outcome, result?.reason, isLeft]).toEqual(["refused", reason, true]);
});

test("an original that was changed or removed after it was verified is a finding, and the vendor's stays", async () => {
  const rig = await openPurgeRig([{ id: "rec_1" }]);
  const changed = Buffer.from(rig.bytes);
  changed[1000] = (changed[1000] ?? 0) ^ 1;
  await writeFile(join(rig.folder, ORIGINAL), changed);
  const first = await purgeOne(rig);
  expect([first.report.outcome, first.report.findings[0]?.kind, first.isLeft]).toEqual([
    "findings",
    "digest-mismatch",
    true,
  ]);
  await rm(join(rig.folder, ORIGINAL));
  const second = await purgeOne(rig);
  expect([second.result?.reason, second.report.findings[0]?.kind, second.isLeft]).toEqual(["damaged", "missing", true]);
});

test("what breaks off, as its own structure tells, stays at the vendor", async () => {
  const rig = await openPurgeRig([{ id: "rec_1", lostBytes: 1000 }]);
  const { report, result, isLeft } = await purgeOne(rig);
  expect([report.outcome, result?.reason, isLeft]).toEqual(["refused", "incomplete", true]);
});

test("a file, its sidecar and its row that were replaced together are found out by the ledger", async () => {
  const rig = await openPurgeRig([{ id: "rec_1" }]);
  const sidecar = join(rig.folder, "recordings/2024/01/15/rec_1.json");
  await writeFile(sidecar, (await readFile(sidecar, "utf8")).replace('"callId": "call_1"', '"callId": "call_1" '));
  await rig.archive.reindex();
  const { report, isLeft } = await purgeOne(rig);
  expect([report.outcome, report.results, isLeft]).toEqual(["findings", [], true]);
});

test("a copy in a bucket counts, and is named in the receipt", async () => {
  const rig = await openPurgeRig([{ id: "rec_1" }]);
  await openTinyS3({ [`vault/copy/${ORIGINAL}`]: rig.bytes });
  const { result, isLeft } = await purgeOne(rig, {
    rules: { copies: 2 },
    places: [await rig.openCopy("s3://vault/copy")],
  });
  expect([result?.status, isLeft]).toEqual(["deleted", false]);
  expect(result?.evidence?.storages.map(({ place }) => place)).toEqual([
    join(rig.folder, ORIGINAL),
    `s3://vault/copy/${ORIGINAL}`,
  ]);
});

test("a bucket counts once, however many places in it are named", async () => {
  const rig = await openPurgeRig([{ id: "rec_1" }]);
  await openTinyS3({ [`vault/a/${ORIGINAL}`]: rig.bytes, [`vault/b/${ORIGINAL}`]: rig.bytes });
  const places = [await rig.openCopy("s3://vault/a"), await rig.openCopy("s3://vault/b")];
  const { result, isLeft } = await purgeOne(rig, { rules: { copies: 3 }, places });
  expect([result?.reason, isLeft]).toEqual(["too-few-copies", true]);
  expect(result?.why).toContain("same storage as s3://vault/a");
});

test("a damaged copy does not count and is a finding", async () => {
  const rig = await openPurgeRig([{ id: "rec_1" }]);
  await openTinyS3({ [`vault/${ORIGINAL}`]: rig.bytes.subarray(1) });
  const { report, result, isLeft } = await purgeOne(rig, {
    ...{ rules: { copies: 2 }, places: [await rig.openCopy("s3://vault")] },
  });
  expect([report.outcome, result?.reason, isLeft]).toEqual(["findings", "too-few-copies", true]);
  expect(report.findings[0]).toMatchObject({ kind: "digest-mismatch", subject: `s3://vault/${ORIGINAL}` });
});

test("with only the archive everything is refused, and says how to name another copy", async () => {
  const rig = await openPurgeRig([{ id: "rec_1" }]);
  const { report, result, isLeft } = await purgeOne(rig, { rules: { copies: 2 } });
  expect([report.outcome, result?.reason, isLeft]).toEqual(["refused", "too-few-copies", true]);
  expect(result?.why).toMatch(/--copy PLACE.*--copies 1/);
  expect(rig.vendor.requests).toEqual([]);
});

/** Ways to make a second folder that holds no second copy. */
const NO_COPIES: Readonly<Record<string, (rig: PurgeRig, copy: string) => Promise<void>>> = {
  "a folder on the same file system": (rig, copy) =>
    cp(join(rig.folder, "recordings"), join(copy, "recordings"), { recursive: true }),
  "a hard link": async (rig, copy) => {
    await mkdir(dirname(join(copy, ORIGINAL)), { recursive: true });
    await link(join(rig.folder, ORIGINAL), join(copy, ORIGINAL));
  },
  "a folder that leads back into the archive": async (rig, copy) => {
    await mkdir(copy);
    await symlink(join(rig.folder, "recordings"), join(copy, "recordings"));
  },
};

test.each(Object.keys(NO_COPIES))("%s is no second copy", async (name) => {
  const rig = await openPurgeRig([{ id: "rec_1" }]);
  const copy = join(rig.folder, "../copy");
  await NO_COPIES[name]?.(rig, copy);
  const { result, isLeft } = await purgeOne(rig, { rules: { copies: 2 }, places: [await rig.openCopy(copy)] });
  expect([result?.reason, isLeft]).toEqual(["too-few-copies", true]);
  expect(result?.why).toContain(name.startsWith("a folder on") ? "same storage" : "own file by another name");
});

test("the archive itself, or a part of it, is not taken for a place", async () => {
  const rig = await openPurgeRig([{ id: "rec_1" }]);
  for (const place of [rig.folder, join(rig.folder, "recordings"), join(rig.folder, "..")]) {
    await expect(rig.openCopy(place)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  }
});

test("what an earlier run was about to delete when it was killed is told of when it is found gone", async () => {
  const rig = await openPurgeRig([{ id: "rec_1" }, { id: "rec_2" }]);
  await rig.archive.record([{ type: "purge-intended", subject: "rec_1", detail: {} }]);
  (rig.vendor.left as Set<string>).clear();
  const report = await rig.purge();
  expect([report.outcome, report.counts.skipped]).toEqual(["ok", 2]);
  const byId = new Map(report.results.map((result) => [String(result.recordingId), result]));
  expect(byId.get("rec_1")).toMatchObject({
    status: "already-gone",
    attempt: { intendedBy: { actor: "ada@lovelace" } },
  });
  expect(byId.get("rec_2")).toEqual({ subject: "rec_2", recordingId: "rec_2", status: "already-gone" });
  expect((await rig.events()).map(({ type, subject }) => [type, subject])).toEqual([
    ["purge-intended", "rec_1"],
    ["purged", "rec_1"],
  ]);
  expect((await rig.purge()).receipt).toBeUndefined();
});

test("never more than four deletions are under way, and an abort ends them with their outcome told", async () => {
  const controller = new AbortController();
  const recordings = Array.from({ length: 12 }, (_, index) => ({ id: `rec_${index}` }));
  const rig = await openPurgeRig(recordings, {
    onDelete: async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      controller.abort(new Error("stopped by the user"));
    },
  });
  const report = await rig.purge({ signal: controller.signal });
  expect(rig.vendor.mostAtOnce()).toBeLessThanOrEqual(4);
  expect(report.outcome).toBe("cancelled");
  const deleted = report.results.filter(({ status }) => status === "deleted");
  expect(deleted).toHaveLength(12 - rig.vendor.left.size);
  expect(report.receipt).toBeDefined();
});
