import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Archive } from "../../../src/archive/archive.ts";
import { toSidecarText, toTextDigest } from "../../../src/archive/sidecar.ts";
import { SqliteCatalogue } from "../../../src/catalogue/sqlite/sqlite-catalogue.ts";
import { openArchive } from "../../../src/compose.ts";
import { toStorageKey } from "../../../src/core/storage-key.ts";
import { openTestArchive, TEST_CLOCK } from "../../helpers/open-test-archive.ts";
import { makeSidecar, readFixture, storeRecording } from "../../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { TEST_CUSTODIAN } from "../../helpers/test-custodian.ts";
import { verifyTestArchive } from "../../helpers/verify-archive.ts";
import { makeVouchedNote } from "../../helpers/vouched-note.ts";

const DAY = "archive/recordings/2024/01/15";
const CREATED_AT_MS = Date.parse("2024-01-15T10:35:10Z");
let bytes: Buffer;
beforeAll(async () => {
  bytes = await readFixture("mp3-64k-16000.mp3");
});

const verify = (archive: Archive) => verifyTestArchive(archive);

test("bytes, sidecar and row are there, and verify finds nothing", async () => {
  const folder = await makeTemporaryFolder();
  const archive = await openTestArchive(folder);
  const { sidecar } = await storeRecording(archive, "rec_1", bytes);
  expect((await readdir(join(folder, DAY))).toSorted()).toEqual(["rec_1.json", "rec_1.mp3"]);
  expect(await readFile(join(folder, DAY, "rec_1.mp3"))).toEqual(bytes);
  const { recordingId, original } = sidecar;
  const presence = await archive.lookUp({ recordingId, createdAtMs: 0 });
  expect(presence.located?.sidecar).toEqual(sidecar);
  expect(presence).toMatchObject({ orphan: undefined, recordedSha256: original.sha256 });
  expect((await verify(archive)).outcome).toBe("ok");
});

test("an original is never replaced", async () => {
  const folder = await makeTemporaryFolder();
  const archive = await openTestArchive(folder);
  await storeRecording(archive, "rec_1", bytes);
  const other = await readFixture("mp3-32k-8000.mp3");
  await expect(storeRecording(archive, "rec_1", other)).rejects.toMatchObject({ code: "STORAGE_CONFLICT" });
  expect(await readFile(join(folder, DAY, "rec_1.mp3"))).toEqual(bytes);
});

test("there is no archive where there is none", async () => {
  const location = join(await makeTemporaryFolder(), "none");
  await expect(
    openArchive(location, { clock: TEST_CLOCK, create: false, custodian: TEST_CUSTODIAN }),
  ).rejects.toMatchObject({
    code: "ARCHIVE_NOT_FOUND",
  });
});

test("a marker of another version is not overwritten", async () => {
  const folder = await makeTemporaryFolder();
  await mkdir(join(folder, "archive"));
  await writeFile(join(folder, "archive/holdfast.json"), `{"schema":"holdfast.archive/9"}`);
  await expect(openTestArchive(folder)).rejects.toMatchObject({ code: "ARCHIVE_INVALID" });
});

describe("a run was killed", () => {
  /** An archive with one sound recording, closed, to which a crash is then added by hand. */
  async function makeArchive(): Promise<string> {
    const folder = await makeTemporaryFolder();
    const archive = await openTestArchive(folder);
    await storeRecording(archive, "rec_0", bytes);
    await archive.close();
    return folder;
  }

  async function noteSidecar(folder: string, text: string): Promise<void> {
    const root = join(folder, "archive");
    const catalogue = await SqliteCatalogue.open({
      path: join(root, "catalogue.sqlite"),
      lockPath: join(root, "tmp/writer.lock"),
    });
    const { recordingId, original } = await makeSidecar("rec_1", bytes);
    const key = toStorageKey("recordings/2024/01/15/rec_1.json");
    const digests = { sha256: toTextDigest(text), originalSha256: original.sha256 };
    await catalogue.intend([await makeVouchedNote(root, { recordingId, key, ...digests, isKeyInSidecar: false })]);
    await catalogue.close();
  }

  test("while bytes were staged: they are swept", async () => {
    const folder = await makeArchive();
    await writeFile(join(folder, "archive/tmp/rec_1.0123abcd.part"), "half");
    const archive = await openTestArchive(folder);
    expect((await readdir(join(folder, "archive/tmp"))).filter((name) => name.endsWith(".part"))).toEqual([]);
    expect((await verify(archive)).outcome).toBe("ok");
  });

  test("after the bytes: they are found as an orphan, and verify tells of them", async () => {
    const folder = await makeArchive();
    await writeFile(join(folder, DAY, "rec_1.mp3"), bytes);
    const archive = await openTestArchive(folder);
    const { recordingId } = await makeSidecar("rec_1", bytes);
    expect(await archive.lookUp({ recordingId, createdAtMs: CREATED_AT_MS })).toEqual({
      located: undefined,
      isRemoved: false,
      orphan: { key: "recordings/2024/01/15/rec_1.mp3", format: "mp3" },
      recordedSha256: undefined,
    });
    expect((await verify(archive)).findings.map(({ kind }) => kind)).toEqual(["unexpected"]);
  });

  test("after the note: what never got a name need not come again", async () => {
    const folder = await makeArchive();
    await noteSidecar(folder, "never written");
    const archive = await openTestArchive(folder);
    const { recordingId } = await makeSidecar("rec_1", bytes);
    expect(await archive.lookUp({ recordingId, createdAtMs: CREATED_AT_MS })).toEqual({
      located: undefined,
      isRemoved: false,
      orphan: undefined,
      recordedSha256: undefined,
    });
    expect((await verify(archive)).outcome).toBe("ok");
  });

  test("after the sidecar: the row is written on opening", async () => {
    const folder = await makeArchive();
    const sidecar = await makeSidecar("rec_1", bytes);
    const text = toSidecarText(sidecar);
    await writeFile(join(folder, DAY, "rec_1.mp3"), bytes);
    await noteSidecar(folder, text);
    await writeFile(join(folder, DAY, "rec_1.json"), text);
    const archive = await openTestArchive(folder);
    expect((await archive.catalogued(sidecar.recordingId))?.files.length).toBe(2);
    expect((await verify(archive)).outcome).toBe("ok");
  });

  test("a sidecar that changed without a note is no crash", async () => {
    const folder = await makeArchive();
    const path = join(folder, DAY, "rec_0.json");
    await writeFile(path, (await readFile(path, "utf8")).replace("call_1", "call_2"));
    const archive = await openTestArchive(folder);
    const { findings } = await verify(archive);
    expect(findings.map(({ kind, subject }) => [kind, subject.split("/").at(-1)])).toEqual([
      ["digest-mismatch", "rec_0.json"],
    ]);
  });
});

describe("the catalogue is gone", () => {
  async function makeTwo(): Promise<string> {
    const folder = await makeTemporaryFolder();
    const archive = await openTestArchive(folder);
    for (const id of ["rec_1", "rec_2"]) await storeRecording(archive, id, bytes);
    await archive.close();
    await rm(join(folder, "archive/catalogue.sqlite"));
    return folder;
  }

  test("it is rebuilt from the sidecars, and verify says so once", async () => {
    const folder = await makeTwo();
    const archive = await openTestArchive(folder);
    expect(archive.rebuilt.indexed).toBe(2);
    const report = await verify(archive);
    expect(report.findings.map(({ kind, subject }) => [kind, subject.split("/").at(-1)])).toEqual([
      ["missing", "catalogue.sqlite"],
    ]);
    await archive.close();
    expect((await verify(await openTestArchive(folder))).outcome).toBe("ok");
  });

  test("a sidecar that cannot be read is named, and the others are indexed", async () => {
    const folder = await makeTwo();
    await writeFile(join(folder, DAY, "rec_1.json"), "{");
    const archive = await openTestArchive(folder);
    const { indexed, invalid } = archive.rebuilt;
    expect(indexed).toBe(1);
    expect(invalid.map(({ subject }) => subject)).toEqual([expect.stringContaining("rec_1.json")]);
    expect((await verify(archive)).failures.map(({ code }) => code)).toEqual(["SIDECAR_INVALID"]);
  });

  test("a rebuild that was cut short is made again", async () => {
    const folder = await makeTwo();
    const catalogue = await SqliteCatalogue.open({
      path: join(folder, "archive/catalogue.sqlite"),
      lockPath: join(folder, "archive/tmp/writer.lock"),
    });
    await catalogue.close();
    expect((await openTestArchive(folder)).rebuilt.indexed).toBe(2);
  });
});
