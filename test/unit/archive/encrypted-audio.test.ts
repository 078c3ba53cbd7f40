import { copyFile, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { Archive } from "../../../src/archive/archive.ts";
import type { Sidecar } from "../../../src/archive/schema.ts";
import type { LocatedSidecar } from "../../../src/archive/sidecar.ts";
import { SqliteCatalogue } from "../../../src/catalogue/sqlite/sqlite-catalogue.ts";
import { LocalKeyProvider } from "../../../src/encryption/local-key-provider.ts";
import { StorageFullError } from "../../../src/io/errors.ts";
import { FsStorage } from "../../../src/storage/fs/fs-storage.ts";
import type { StagedObject } from "../../../src/storage/storage.ts";
import { makeOperatorKey, openEncryptedArchive } from "../../helpers/encrypted-archive.ts";
import { makeSidecar, readFixture, storeRecording } from "../../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { TEST_CLOCK } from "../../helpers/test-clock.ts";
import { toOpenTestLedger } from "../../helpers/test-custodian.ts";
import { verifyTestArchive } from "../../helpers/verify-archive.ts";
import { makeVouchedNote } from "../../helpers/vouched-note.ts";

const DAY = "archive/recordings/2024/01/15";
const KEY = makeOperatorKey();
let bytes: Buffer;
let others: Buffer;
beforeAll(async () => {
  bytes = await readFixture("mp3-32k-8000.mp3");
  others = await readFixture("mp3-64k-16000.mp3");
});

async function readOriginal(archive: Archive, located: LocatedSidecar): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive.readAudio(located, located.sidecar.original)) chunks.push(Uint8Array.from(chunk));
  return Buffer.concat(chunks);
}

async function makeStored() {
  const folder = await makeTemporaryFolder();
  const archive = await openEncryptedArchive(folder, KEY);
  const located = await storeRecording(archive, "rec_1", bytes);
  return { folder, archive, located, path: join(folder, DAY, "rec_1.mp3") };
}

async function listStaged(folder: string): Promise<readonly string[]> {
  return (await readdir(join(folder, "archive/tmp"))).filter((name) => name !== "writer.lock");
}

test("what was stored is read back, in memory and as a file for its owner alone that goes away", async () => {
  const { folder, archive, located, path } = await makeStored();
  expect((await readFile(path)).includes(bytes.subarray(0, 64))).toBe(false);
  expect(await readOriginal(archive, located)).toEqual(bytes);
  const { original } = located.sidecar;
  const seen = await archive.withPlainFile(located, original, {
    use: async (copy) => ({ copy: await readFile(copy), names: await listStaged(folder) }),
  });
  expect(seen.copy).toEqual(bytes);
  expect(seen.names).toEqual([expect.stringMatching(/\.part$/)]);
  expect(await listStaged(folder)).toEqual([]);
  const [file] =
    (await archive.catalogued(located.sidecar.recordingId))?.files.filter(({ role }) => role === "original") ?? [];
  expect(file).toMatchObject({ ...original.stored, plain: { sizeBytes: bytes.length, sha256: original.sha256 } });
});

test("the ledger tells of the use of a key once, before anything is read", async () => {
  const { archive, located } = await makeStored();
  await readOriginal(archive, located);
  await readOriginal(archive, located);
  const used = [];
  for await (const entry of archive.ledger.entries()) if (entry.type === "key-used") used.push(entry);
  expect(used).toMatchObject([{ subject: archive.archiveId, detail: { keyId: "2025", firstRecordingId: "rec_1" } }]);
});

test("what is staged and is not what its record says is not stored", async () => {
  const { folder, archive } = await makeStored();
  const staged = archive.stage("rec_2");
  await staged.write(Readable.from([others]), () => undefined);
  const storing = archive.storeOriginal(staged, await makeSidecar("rec_2", bytes)).finally(() => staged.discard());
  await expect(storing).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
  expect((await readdir(join(folder, DAY))).toSorted()).toEqual(["rec_1.json", "rec_1.mp3"]);
  expect(await listStaged(folder)).toEqual([]);
});

describe("is given to nobody", () => {
  async function expectRefused(archive: Archive, located: LocatedSidecar, code: string): Promise<void> {
    let isUsed = false;
    const use = async () => {
      isUsed = true;
    };
    await expect(archive.withPlainFile(located, located.sidecar.original, { use })).rejects.toMatchObject({ code });
    expect(isUsed).toBe(false);
  }

  test.each([
    [
      "a changed bit at its end",
      (cipher: Buffer) => Buffer.concat([cipher.subarray(0, -1), Buffer.from([(cipher.at(-1) ?? 0) ^ 1])]),
    ],
    ["a cut end", (cipher: Buffer) => cipher.subarray(0, -100)],
    ["something behind its end", (cipher: Buffer) => Buffer.concat([cipher, Buffer.from("more")])],
  ])("what has %s; verify finds it without a key", async (_, harm) => {
    const { folder, archive, located, path } = await makeStored();
    await writeFile(path, harm(await readFile(path)));
    await expectRefused(archive, located, "ENCRYPTION_TAMPERED");
    expect(await listStaged(folder)).toEqual([]);
    await archive.close();
    const { findings } = await verifyTestArchive(await openEncryptedArchive(folder, undefined), { level: "structure" });
    expect(findings).toMatchObject([{ kind: "digest-mismatch" }]);
  });

  test("another recording's audio in the place of this one's", async () => {
    const { folder, archive, located, path } = await makeStored();
    await storeRecording(archive, "rec_2", bytes);
    await copyFile(join(folder, DAY, "rec_2.mp3"), path);
    await expectRefused(archive, located, "ENCRYPTION_TAMPERED");
  });

  test("another file of the same recording", async () => {
    const { archive, located } = await makeStored();
    const { original } = located.sidecar;
    await archive.withPlainFile(located, original, { use: async () => undefined });
    await rename(join(archive.toPath(located.key), "../rec_1.mp3"), join(archive.toPath(located.key), "../rec_1.wav"));
    const renamed: Sidecar = { ...located.sidecar, original: { ...original, file: "rec_1.wav" } };
    await expectRefused(archive, { key: located.key, sidecar: renamed }, "ENCRYPTION_TAMPERED");
  });

  test("without the key, with another, or when it was destroyed; verify says what it could not look into", async () => {
    const { folder, archive, located } = await makeStored();
    await archive.close();
    const keyless = await openEncryptedArchive(folder, undefined);
    await expectRefused(keyless, located, "ENCRYPTION_KEY_MISSING");
    const storing = storeRecording(keyless, "rec_2", others);
    await expect(storing).rejects.toMatchObject({ code: "ENCRYPTION_KEY_MISSING" });
    await keyless.close();
    const wrong = await openEncryptedArchive(folder, makeOperatorKey());
    await expectRefused(wrong, located, "ENCRYPTION_KEY_MISMATCH");
    const { failures } = await verifyTestArchive(wrong, { level: "structure" });
    expect(failures).toMatchObject([{ code: "ENCRYPTION_KEY_MISMATCH" }]);
    await wrong.close();
    const right = await openEncryptedArchive(folder, KEY);
    const destroyed = await right.destroyKey(located, { destroyedBy: "ada", reason: "asked for" });
    await expectRefused(right, destroyed, "ENCRYPTION_KEY_DESTROYED");
    const report = await verifyTestArchive(right, { level: "structure" });
    const [audio] = report.results.filter(({ path }) => path.endsWith(".mp3"));
    expect(audio).toMatchObject({ status: "ok", level: "digest", remarks: [expect.stringMatching(/destroyed/)] });
    expect(report).toMatchObject({ outcome: "ok", unopened: 1 });
    // It was not looked at as closely as was asked for, and is due again.
    const due = await right.checks.summariseDue({
      level: "structure",
      beforeMs: TEST_CLOCK.now(),
      nowMs: TEST_CLOCK.now(),
    });
    expect(due.files).toBe(2);
  });
});

test("a store of which the key cannot be wrapped and unwrapped again stores nothing", async () => {
  const folder = await makeTemporaryFolder();
  const forgetful = new LocalKeyProvider(KEY, "2025");
  const { KeyRing } = await import("../../../src/encryption/key-ring.ts");
  const keys = new KeyRing(Object.assign(forgetful, { wrap: async () => wrapOther() }), []);
  const archive = await openWith(join(folder, "archive"), { keys, refused: new Set() });
  await expect(storeRecording(archive, "rec_1", bytes)).rejects.toMatchObject({
    code: "ENCRYPTION_KEY_COMMAND_FAILED",
  });
  expect((await archive.summarise()).recordings).toBe(0);
});

async function wrapOther(): Promise<string> {
  return new LocalKeyProvider(KEY, "2025").wrap(makeOperatorKey());
}

/** The real storage, in which names that are in `refused` are not given: what stands there then is what a kill would leave. */
class RefusingStorage extends FsStorage {
  readonly #refused: ReadonlySet<string>;

  constructor(root: string, refused: ReadonlySet<string>) {
    super(root);
    this.#refused = refused;
  }

  override stage(name: string): StagedObject {
    const staged = super.stage(name);
    const place: StagedObject["place"] = async (key, options) => {
      if (this.#refused.has(basename(key))) throw new StorageFullError("no space left");
      await staged.place(key, options);
    };
    return { ...staged, place };
  }
}

async function openWith(
  root: string,
  {
    keys,
    refused,
  }: { readonly keys: Parameters<typeof Archive.open>[0]["keys"]; readonly refused: ReadonlySet<string> },
): Promise<Archive> {
  const lockPath = join(root, "tmp", "writer.lock");
  const catalogue = await SqliteCatalogue.open({ path: join(root, "catalogue.sqlite"), lockPath });
  const ports = {
    storage: new RefusingStorage(root, refused),
    catalogue,
    openLedger: toOpenTestLedger(root),
    clock: TEST_CLOCK,
  };
  const archive = await Archive.open({ ...ports, keys }, { create: true });
  onTestFinished(() => archive.close());
  return archive;
}

describe("killed between the original and its sidecar", () => {
  const keys = new LocalKeyProvider(KEY, "2025");
  const place = { createdAtMs: Date.parse("2024-01-15T10:35:10Z") };

  async function cutShort() {
    const folder = await makeTemporaryFolder();
    const root = join(folder, "archive");
    const archive = await openWith(root, { keys, refused: new Set(["rec_1.json"]) });
    await expect(storeRecording(archive, "rec_1", bytes)).rejects.toMatchObject({ code: "STORAGE_FULL" });
    await archive.close();
    expect(await readdir(join(folder, DAY))).toEqual(["rec_1.mp3"]);
    return { folder, root };
  }

  test("the original, whose key is gone, goes too, and is fetched anew", async () => {
    const { folder } = await cutShort();
    const archive = await openEncryptedArchive(folder, KEY);
    const { recordingId } = await makeSidecar("rec_1", bytes);
    expect(await archive.lookUp({ recordingId, ...place })).toMatchObject({
      orphan: undefined,
      recordedSha256: undefined,
    });
    expect(await readdir(join(folder, DAY))).toEqual([]);
    const located = await storeRecording(archive, "rec_1", bytes);
    expect(await readOriginal(archive, located)).toEqual(bytes);
  });

  test("what is not the noted original stays", async () => {
    const { folder } = await cutShort();
    await writeFile(join(folder, DAY, "rec_1.mp3"), others);
    await openEncryptedArchive(folder, KEY);
    expect(await readFile(join(folder, DAY, "rec_1.mp3"))).toEqual(others);
  });

  test("one that came back beside an older sidecar goes, and the sidecar stays", async () => {
    const { folder, archive, located, path } = await makeStored();
    await archive.close();
    await rename(path, `${path}.aside`);
    const refusing = await openWith(join(folder, "archive"), { keys, refused: new Set(["rec_1.json"]) });
    const staged = refusing.stage("rec_1");
    await staged.write(Readable.from([bytes]), () => undefined);
    await expect(refusing.storeOriginal(staged, located.sidecar)).rejects.toMatchObject({ code: "STORAGE_FULL" });
    await refusing.close();
    expect((await readdir(join(folder, DAY))).toSorted()).toEqual(["rec_1.json", "rec_1.mp3", "rec_1.mp3.aside"]);
    const reopened = await openEncryptedArchive(folder, KEY);
    expect(await reopened.lookAtOriginal(located)).toBe("missing");
    await rename(`${path}.aside`, path);
    expect(await readOriginal(reopened, await reopened.findCatalogued(located.sidecar.recordingId))).toEqual(bytes);
  });

  test("a whole recording stays, also when somebody changed its sidecar before it was settled", async () => {
    const { folder, archive, located, path } = await makeStored();
    await archive.close();
    const root = join(folder, "archive");
    const catalogue = await SqliteCatalogue.open({
      path: join(root, "catalogue.sqlite"),
      lockPath: join(root, "tmp/writer.lock"),
    });
    const { recordingId, original } = located.sidecar;
    const note = { recordingId, key: located.key, sha256: original.sha256, isKeyInSidecar: true };
    const originalSha256 = original.stored?.sha256 ?? original.sha256;
    await catalogue.intend([await makeVouchedNote(root, { ...note, originalSha256 })]);
    await catalogue.close();
    await writeFile(join(root, located.key), `${await readFile(join(root, located.key), "utf8")} `);
    await openEncryptedArchive(folder, KEY);
    expect((await readFile(path)).length).toBe(original.stored?.sizeBytes);
  });
});
