import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Archive } from "../../../src/archive/archive.ts";
import { SqliteCatalogue } from "../../../src/catalogue/sqlite/sqlite-catalogue.ts";
import { FsStorage } from "../../../src/storage/fs/fs-storage.ts";
import type { StagedObject } from "../../../src/storage/storage.ts";
import { TEST_CLOCK } from "../../helpers/open-test-archive.ts";
import { readFixture, storeRecording } from "../../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

type Step = string;

/** The real storage, which notes what gets a name. */
class NotingStorage extends FsStorage {
  readonly #steps: Step[];

  constructor(root: string, steps: Step[]) {
    super(root);
    this.#steps = steps;
  }

  override stage(name: string): StagedObject {
    const staged = super.stage(name);
    const commit: StagedObject["commit"] = async (key, options) => {
      await staged.commit(key, options);
      this.#steps.push(`named ${key.split("/").at(-1)}`);
    };
    return { ...staged, commit };
  }
}

/** The real archive, and the order in which names and rows appear in it. */
async function openNotingArchive() {
  const root = await makeTemporaryFolder();
  const steps: Step[] = [];
  const catalogue = await SqliteCatalogue.open({
    path: join(root, "catalogue.sqlite"),
    lockPath: join(root, "tmp", "writer.lock"),
  });
  for (const method of ["intend", "put", "drop"] as const) {
    const own = catalogue[method].bind(catalogue);
    Object.assign(catalogue, {
      [method]: async (...args: Parameters<typeof own>) => {
        await Reflect.apply(own, catalogue, args);
        steps.push(method);
      },
    });
  }
  const ports = { storage: new NotingStorage(root, steps), catalogue, clock: TEST_CLOCK };
  const archive = await Archive.open(ports, { create: true });
  onTestFinished(() => archive.close());
  steps.length = 0;
  return { root, steps, archive };
}

test("note, bytes, sidecar, row: whatever a crash leaves, the later can be made from the earlier", async () => {
  const { steps, archive } = await openNotingArchive();
  await storeRecording(archive, "rec_1", await readFixture("mp3-32k-8000.mp3"));
  expect(steps).toEqual(["intend", "named rec_1.mp3", "named rec_1.json", "put"]);
});

test("bytes that get no name leave sidecar and row as they were", async () => {
  const { root, steps, archive } = await openNotingArchive();
  const { key, sidecar } = await storeRecording(archive, "rec_1", await readFixture("mp3-32k-8000.mp3"));
  const [text, row] = [await readFile(join(root, key), "utf8"), await archive.catalogued(sidecar.recordingId)];
  steps.length = 0;
  await expect(storeRecording(archive, "rec_1", await readFixture("mp3-64k-16000.mp3"))).rejects.toMatchObject({
    code: "STORAGE_CONFLICT",
  });
  expect(steps).toEqual(["intend", "drop"]);
  expect(await readFile(join(root, key), "utf8")).toBe(text);
  expect(await archive.catalogued(sidecar.recordingId)).toEqual(row);
});
