import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import { type ExportRequest, planExport } from "../../../src/export/export-plan.ts";
import { tryParseBatesPrefix } from "../../../src/loadfile/bates.ts";
import { openTestArchive } from "../../helpers/open-test-archive.ts";
import { storeCall } from "../../helpers/store-call.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const NOBODY = { holdCases: [], recordingIds: [], callIds: [], sinceMs: undefined, untilMs: undefined };

function toRequest(selection: Partial<ExportRequest["selection"]>, others: Partial<ExportRequest> = {}): ExportRequest {
  return { paths: [], batesPrefix: undefined, ...others, selection: { ...NOBODY, ...selection } };
}

async function openCalls() {
  const archive = await openTestArchive(await makeTemporaryFolder());
  await storeCall(archive, "rec_b2", { callId: "call_b", createdAt: "2024-03-01T10:05:00Z" });
  await storeCall(archive, "rec_a1", { callId: "call_a", createdAt: "2024-03-01T10:01:00Z" });
  await storeCall(archive, "rec_b1", { callId: "call_b", createdAt: "2024-03-01T10:00:00Z" });
  await storeCall(archive, "rec_c1", { callId: "call_c", createdAt: "2024-03-02T10:00:00Z" });
  return archive;
}

const ALL = { sinceMs: 0 };

test("legs of a call stand together, calls in the order of their first leg", async () => {
  const { items } = await planExport({ archive: await openCalls() }, toRequest(ALL));
  expect(items.map(({ controlNumber, family }) => [controlNumber, family.first, family.last])).toEqual([
    ["rec_b1", "rec_b1", "rec_b2"],
    ["rec_b2", "rec_b1", "rec_b2"],
    ["rec_a1", "rec_a1", "rec_a1"],
    ["rec_c1", "rec_c1", "rec_c1"],
  ]);
  expect(items[0]?.path).toBe("data/originals/rec_b1.mp3");
});

test("Bates numbers name files and link the legs", async () => {
  const batesPrefix = tryParseBatesPrefix("ABC-");
  const { items } = await planExport({ archive: await openCalls() }, toRequest(ALL, { batesPrefix }));
  expect(items.map(({ path }) => path)).toEqual([1, 2, 3, 4].map((number) => `data/originals/ABC-000000${number}.mp3`));
  expect(items[1]?.family).toEqual({ first: "ABC-0000001", last: "ABC-0000002" });
});

test("calls and recordings add up, and a time narrows them", async () => {
  const archive = await openCalls();
  const named = { callIds: ["call_b"], recordingIds: [parseRecordingId("rec_c1")] };
  const toIds = async (selection: Parameters<typeof toRequest>[0]) =>
    (await planExport({ archive }, toRequest(selection))).items.map(({ controlNumber }) => controlNumber);
  expect(await toIds(named)).toEqual(["rec_b1", "rec_b2", "rec_c1"]);
  expect(await toIds({ ...named, untilMs: Date.parse("2024-03-01T10:05:00Z") })).toEqual(["rec_b1"]);
  expect(await toIds({ sinceMs: Date.parse("2024-03-02T10:00:00Z") })).toEqual(["rec_c1"]);
});

test("what is held for a case is selected, and what its hold names and never came is told", async () => {
  const archive = await openCalls();
  const criteria = { kind: "named", recordingIds: ["rec_a1", "rec_never"], callIds: ["call_c"] };
  await archive.record([{ type: "held", subject: "CASE-1", detail: { criteria } }]);
  const { items, absent } = await planExport({ archive }, toRequest({ holdCases: ["CASE-1"] }));
  expect(items.map(({ controlNumber }) => controlNumber)).toEqual(["rec_a1", "rec_c1"]);
  expect(absent).toEqual(["rec_never"]);
  await expect(planExport({ archive }, toRequest({ holdCases: ["CASE-2"] }))).rejects.toThrow("nothing is held");
});

test("what is named and not there is a failure, and removed recordings are told", async () => {
  const archive = await openCalls();
  await archive.remove(await archive.findCatalogued(parseRecordingId("rec_a1")), { removedBy: "ada", reason: "old" });
  const selection = { recordingIds: [parseRecordingId("rec_x")], callIds: ["call_a", "call_y"] };
  const { items, removed, failures } = await planExport({ archive }, toRequest(selection));
  expect(items).toEqual([]);
  expect(removed.map(({ recordingId }) => recordingId)).toEqual(["rec_a1"]);
  expect(failures.map(({ subject }) => subject)).toEqual(["rec_x", "call_y"]);
});

test("a recording that the catalogue has lost may be meant by all but ids", async () => {
  const root = await makeTemporaryFolder();
  const whole = await openTestArchive(root);
  const { key } = await storeCall(whole, "rec_lost");
  await storeCall(whole, "rec_kept", { callId: "call_kept" });
  await whole.close();
  for (const path of [key, "catalogue.sqlite"]) await rm(join(root, "archive", path));
  const archive = await openTestArchive(root);
  const criteria = { kind: "named", recordingIds: ["rec_lost"], callIds: ["call_kept"] };
  await archive.record([{ type: "held", subject: "CASE-1", detail: { criteria } }]);
  for (const selection of [ALL, { callIds: ["call_kept"] }, { holdCases: ["CASE-1"] }]) {
    const { absent, failures } = await planExport({ archive }, toRequest(selection));
    expect(absent).toEqual([]);
    expect(failures.map(({ subject }) => subject)).toEqual(["rec_lost"]);
  }
  const byId = toRequest({ recordingIds: [parseRecordingId("rec_kept")], sinceMs: 0 });
  expect((await planExport({ archive }, byId)).failures).toEqual([]);
});

test("nothing asked for, or nothing found, is an error", async () => {
  const archive = await openCalls();
  await expect(planExport({ archive }, toRequest({}))).rejects.toThrow("nothing is to be exported");
  await expect(planExport({ archive }, toRequest({ sinceMs: 4e12 }))).rejects.toThrow("nothing that is there");
});

test("folders keep their names, files that would meet are told apart, and what is no file is a failure", async () => {
  const root = await makeTemporaryFolder();
  for (const folder of ["one/evidence", "two/evidence", "two/evidence/a"])
    await mkdir(join(root, folder), { recursive: true });
  for (const file of ["one/evidence/a", "one/evidence/B.wav", "two/evidence/b.WAV", "two/evidence/a/c:d.wav"]) {
    await writeFile(join(root, file), file);
  }
  await symlink("/etc/hostname", join(root, "two/evidence/link"));
  const paths = [join(root, "one/evidence"), join(root, "two/evidence/"), join(root, "one/evidence/B.wav")];
  const { items, failures } = await planExport({ archive: undefined }, toRequest({}, { paths }));
  expect(items.map(({ path }) => path)).toEqual([
    "data/originals/evidence/B.wav",
    "data/originals/evidence/a",
    "data/originals/evidence-2/a/c+3Ad.wav",
    "data/originals/evidence-2/b.WAV",
    "data/originals/B.wav",
  ]);
  expect(failures.map(({ subject }) => subject)).toEqual([join(root, "two/evidence/link")]);
});

test("files of an archive are not taken past it", async () => {
  const archive = await openCalls();
  const paths = [`${archive.traits.location}/recordings`];
  await expect(planExport({ archive: undefined }, toRequest({}, { paths }))).rejects.toThrow("lies in the archive");
  for (const folder of [archive.traits.location, dirname(archive.traits.location)]) {
    const { items, failures } = await planExport({ archive: undefined }, toRequest({}, { paths: [folder] }));
    expect(items).toEqual([]);
    expect(failures).toMatchObject([{ subject: folder, error: { code: "ARCHIVE_CONFLICT" } }]);
  }
});

test("no folder gets more files than a review platform takes", async () => {
  const root = await makeTemporaryFolder();
  await mkdir(join(root, "many"));
  for (let number = 0; number < 5001; number += 1) await writeFile(join(root, `many/${number}.txt`), "");
  const request = toRequest({}, { paths: [join(root, "many")], batesPrefix: tryParseBatesPrefix("M") });
  const { items } = await planExport({ archive: undefined }, request);
  expect(items[4999]?.path).toBe("data/originals/0001/M0005000.txt");
  expect(items[5000]?.path).toBe("data/originals/0002/M0005001.txt");
});
