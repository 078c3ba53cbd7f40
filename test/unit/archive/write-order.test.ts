import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { Archive } from "../../../src/archive/archive.ts";
import { toSidecarText } from "../../../src/archive/sidecar.ts";
import { SqliteCatalogue } from "../../../src/catalogue/sqlite/sqlite-catalogue.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import type { StorageKey } from "../../../src/core/storage-key.ts";
import { StorageFullError } from "../../../src/io/errors.ts";
import { FsStorage } from "../../../src/storage/fs/fs-storage.ts";
import type { StagedObject } from "../../../src/storage/storage.ts";
import { TEST_CLOCK } from "../../helpers/open-test-archive.ts";
import { makeSidecar, readFixture, storeRecording } from "../../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { toOpenTestLedger } from "../../helpers/test-custodian.ts";

const DAY = "recordings/2024/01/15";
let bytes: Buffer;
let others: Buffer;
beforeAll(async () => {
  bytes = await readFixture("mp3-32k-8000.mp3");
  others = await readFixture("mp3-64k-16000.mp3");
});

/** What is noted as it happens; names that are in `refused` are not given. */
interface Notebook {
  readonly steps: string[];
  readonly refused: Set<string>;
}

/** The real storage, which notes what is brought to disk and what gets a name. */
class NotingStorage extends FsStorage {
  readonly #notebook: Notebook;

  constructor(root: string, notebook: Notebook) {
    super(root);
    this.#notebook = notebook;
  }

  override stage(name: string): StagedObject {
    const { steps, refused } = this.#notebook;
    const staged = super.stage(name);
    const seal = async () => {
      await staged.seal();
      steps.push("on disk");
    };
    const place: StagedObject["place"] = async (key, options) => {
      if (refused.has(basename(key))) throw new StorageFullError("no space left");
      await staged.place(key, options);
      steps.push(`named ${basename(key)}`);
    };
    return { ...staged, seal, place };
  }

  override async settle(keys: readonly StorageKey[]): Promise<void> {
    await super.settle(keys);
    this.#notebook.steps.push(`settled ${keys.length}`);
  }
}

/** The real catalogue, which notes each call that had something to say. */
async function openNotingCatalogue(root: string, { steps }: Notebook): Promise<SqliteCatalogue> {
  const catalogue = await SqliteCatalogue.open({
    path: join(root, "catalogue.sqlite"),
    lockPath: join(root, "tmp", "writer.lock"),
  });
  const { intend, put, drop } = catalogue;
  return Object.assign(catalogue, {
    intend: async (notes: Parameters<typeof intend>[0]) => {
      await intend.call(catalogue, notes);
      steps.push(`noted ${notes.map(({ recordingId }) => recordingId).join()}`);
    },
    put: async (rows: Parameters<typeof put>[0]) => {
      await put.call(catalogue, rows);
      if (rows.length > 0) steps.push(`row ${rows.map(({ recordingId }) => recordingId).join()}`);
    },
    drop: async (recordingId: Parameters<typeof drop>[0]) => {
      await drop.call(catalogue, recordingId);
      steps.push(`dropped ${recordingId}`);
    },
  });
}

/** The real archive, and the order in which names and rows appear in it. */
async function openNotingArchive() {
  const root = await makeTemporaryFolder();
  const notebook: Notebook = { steps: [], refused: new Set() };
  const catalogue = await openNotingCatalogue(root, notebook);
  const archive = await Archive.open(
    { storage: new NotingStorage(root, notebook), catalogue, openLedger: toOpenTestLedger(root), clock: TEST_CLOCK },
    { create: true },
  );
  onTestFinished(() => archive.close());
  notebook.steps.length = 0;
  return { root, archive, catalogue, ...notebook };
}

test("note, bytes, names, folders, row: whatever a crash leaves, the later can be made from the earlier", async () => {
  const { steps, archive } = await openNotingArchive();
  await storeRecording(archive, "rec_1", bytes);
  expect(steps).toEqual([
    "noted rec_1",
    "on disk",
    "on disk",
    "named rec_1.mp3",
    "named rec_1.json",
    "settled 2",
    "row rec_1",
  ]);
});

test("bytes that get no name leave sidecar and row as they were", async () => {
  const { root, steps, archive } = await openNotingArchive();
  const { key, sidecar } = await storeRecording(archive, "rec_1", bytes);
  const [text, row] = [await readFile(join(root, key), "utf8"), await archive.catalogued(sidecar.recordingId)];
  steps.length = 0;
  await expect(storeRecording(archive, "rec_1", others)).rejects.toMatchObject({ code: "STORAGE_CONFLICT" });
  expect(steps.filter((step) => step !== "on disk")).toEqual(["noted rec_1", "dropped rec_1", "settled 0"]);
  expect(await readFile(join(root, key), "utf8")).toBe(text);
  expect(await archive.catalogued(sidecar.recordingId)).toEqual(row);
});

test("an original that has its name keeps the note when its sidecar gets none, and the next run knows it by that", async () => {
  const { root, archive, refused, catalogue } = await openNotingArchive();
  refused.add("rec_1.json");
  await expect(storeRecording(archive, "rec_1", bytes)).rejects.toMatchObject({ code: "STORAGE_FULL" });
  const { recordingId, original } = await makeSidecar("rec_1", bytes);
  expect(await catalogue.pending()).toMatchObject([{ recordingId, originalSha256: original.sha256 }]);
  await archive.close();
  const ports = { storage: new FsStorage(root), catalogue: await openNotingCatalogue(root, { steps: [], refused }) };
  const reopened = await Archive.open(
    { ...ports, openLedger: toOpenTestLedger(root), clock: TEST_CLOCK },
    { create: false },
  );
  onTestFinished(() => reopened.close());
  expect(await reopened.lookUp({ recordingId, createdAtMs: Date.parse("2024-01-15T10:35:10Z") })).toEqual({
    located: undefined,
    isRemoved: false,
    orphan: { key: `${DAY}/rec_1.mp3`, format: "mp3" },
    recordedSha256: original.sha256,
  });
});

describe("several stores at once", () => {
  /** Stores all at the same moment, so that they are one group. */
  async function storeAll(archive: Archive, ids: readonly string[]) {
    const prepare = async (id: string) => {
      const staged = archive.stage(id);
      await staged.write(Readable.from([bytes]), () => undefined);
      return { staged, sidecar: await makeSidecar(id, bytes) };
    };
    const prepared = await Promise.all(ids.map(prepare));
    return Promise.allSettled(prepared.map(({ staged, sidecar }) => archive.storeOriginal(staged, sidecar)));
  }

  test("share the note, the settling and the rows, and each keeps its own order", async () => {
    const { steps, archive } = await openNotingArchive();
    const ids = ["rec_1", "rec_2", "rec_3"];
    await storeAll(archive, ids);
    // Which of them gets its names first is up to the disk.
    expect([steps[0], ...steps.slice(-2)]).toEqual([`noted ${ids}`, "settled 6", `row ${ids}`]);
    expect(steps.slice(1, -2).toSorted()).toEqual(
      [...ids.flatMap((id) => [`named ${id}.json`, `named ${id}.mp3`]), ...Array(6).fill("on disk")].toSorted(),
    );
    for (const id of ids) {
      const [original, sidecar] = [steps.indexOf(`named ${id}.mp3`), steps.indexOf(`named ${id}.json`)];
      expect(original).toBeLessThan(sidecar);
      expect(steps.slice(0, original).filter((step) => step === "on disk").length).toBeGreaterThanOrEqual(2);
    }
  });

  test("one that conflicts harms no other", async () => {
    const { root, archive, catalogue, steps } = await openNotingArchive();
    await storeRecording(archive, "rec_2", others);
    const before = await archive.catalogued(parseRecordingId("rec_2"));
    const outcomes = await storeAll(archive, ["rec_1", "rec_2", "rec_3"]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(outcomes[1]).toMatchObject({ reason: { code: "STORAGE_CONFLICT" } });
    expect(steps).toContain("noted rec_1,rec_2,rec_3");
    for (const id of ["rec_1", "rec_3"]) {
      const sidecar = await makeSidecar(id, bytes);
      expect((await archive.catalogued(sidecar.recordingId))?.files).toHaveLength(2);
      expect((await readFile(join(root, DAY, `${id}.mp3`))).equals(bytes)).toBe(true);
      expect(await readFile(join(root, DAY, `${id}.json`), "utf8")).toBe(toSidecarText(sidecar));
    }
    expect((await readFile(join(root, DAY, "rec_2.mp3"))).equals(others)).toBe(true);
    expect(await archive.catalogued(parseRecordingId("rec_2"))).toEqual(before);
    expect(await catalogue.pending()).toEqual([]);
  });
});
