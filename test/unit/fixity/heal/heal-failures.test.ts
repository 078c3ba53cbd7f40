import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { StorageKey } from "../../../../src/core/storage-key.ts";
import { FolderHealSource } from "../../../../src/fixity/heal/folder-heal-source.ts";
import { healFile } from "../../../../src/fixity/heal/heal-file.ts";
import { StorageFullError, StorageUnavailableError } from "../../../../src/io/errors.ts";
import { FsStorage } from "../../../../src/storage/fs/fs-storage.ts";
import type { Aside, StagedObject } from "../../../../src/storage/storage.ts";
import { BY, flipBit, type HealRig, makeHealRig } from "../../../helpers/heal-rig.ts";

const DAY = "recordings/2024/01/15";
const BOTH = [`${DAY}/rec_1.json`, `${DAY}/rec_1.mp3`];

/** What goes wrong from now on. */
interface Trouble {
  write?: Error;
  seal?: Error;
  commit?: Error;
  read?: Error;
  setAside?: Error;
  afterSetAside?: () => Promise<void>;
}

/** The real storage, until it is in trouble. */
class TroubledStorage extends FsStorage {
  readonly #trouble: Trouble;

  constructor(root: string, trouble: Trouble) {
    super(root);
    this.#trouble = trouble;
  }

  override stage(name: string): StagedObject {
    const staged = super.stage(name);
    if (name !== "copy") return staged;
    const fail = (error: Error | undefined) => (error === undefined ? undefined : Promise.reject(error));
    const write: StagedObject["write"] = async (...args) => {
      await staged.write(...args);
      await fail(this.#trouble.write);
    };
    const seal = () => fail(this.#trouble.seal) ?? staged.seal();
    const commit: StagedObject["commit"] = async (...args) => {
      await fail(this.#trouble.commit);
      await staged.commit(...args);
    };
    return { ...staged, write, seal, commit };
  }

  override read(key: StorageKey, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    if (this.#trouble.read !== undefined) throw this.#trouble.read;
    return super.read(key, signal);
  }

  override async setAside(key: StorageKey, aside: Aside): Promise<void> {
    if (this.#trouble.setAside !== undefined) throw this.#trouble.setAside;
    await super.setAside(key, aside);
    await this.#trouble.afterSetAside?.();
  }
}

async function makeTroubledRig() {
  const trouble: Trouble = {};
  const rig = await makeHealRig((root) => new TroubledStorage(root, trouble));
  const file = await rig.file("original");
  const good = await rig.read(file.key);
  const bad = flipBit(good);
  await writeFile(rig.pathOf(file), bad);
  const heal = () => healFile(rig.archive, { file, findings: [] }, { ...BY, source: new FolderHealSource(rig.copy) });
  return { rig, trouble, file, good, bad, heal };
}

async function quarantined(rig: HealRig): Promise<readonly string[]> {
  return (await rig.tree()).filter((path) => path.startsWith("quarantine/"));
}

test.each(["write", "seal"] as const)(
  "a disk that is full when the copy is to %s leaves all as it is",
  async (step) => {
    const { rig, trouble, file, bad, heal } = await makeTroubledRig();
    trouble[step] = new StorageFullError("no space left");
    expect(await heal()).toMatchObject({ status: "failed", error: { code: "STORAGE_FULL" }, quarantinedAs: undefined });
    expect(await rig.read(file.key)).toEqual(bad);
    expect(await rig.tree()).toEqual(BOTH);
  },
);

test("what cannot be moved stays, and the copy goes", async () => {
  const { rig, trouble, file, bad, heal } = await makeTroubledRig();
  trouble.setAside = new StorageUnavailableError("EPERM for it");
  expect(await heal()).toMatchObject({ status: "failed", error: { code: "STORAGE_UNAVAILABLE" } });
  expect(await rig.read(file.key)).toEqual(bad);
  expect(await rig.tree()).toEqual(BOTH);
});

test("what has appeared in the place meanwhile is left as it is", async () => {
  const { rig, trouble, file, heal } = await makeTroubledRig();
  trouble.afterSetAside = () => writeFile(rig.pathOf(file), "somebody else's");
  const outcome = await heal();
  const [quarantinedAs] = await quarantined(rig);
  expect(outcome).toMatchObject({ status: "failed", error: { code: "STORAGE_CONFLICT" }, quarantinedAs });
  expect((await rig.read(file.key)).toString()).toBe("somebody else's");
  expect((await rig.tree()).filter((path) => path.startsWith("tmp/"))).toEqual([]);
});

test("a failure between moving and naming leaves a missing file, which the next healing mends", async () => {
  const { rig, trouble, file, good, bad, heal } = await makeTroubledRig();
  trouble.commit = new StorageUnavailableError("EIO for it");
  const outcome = await heal();
  const [quarantinedAs = ""] = await quarantined(rig);
  expect(outcome).toMatchObject({ status: "failed", error: { code: "STORAGE_UNAVAILABLE" }, quarantinedAs });
  expect(await rig.tree()).toEqual([quarantinedAs, `${quarantinedAs}.json`, `${DAY}/rec_1.json`]);
  expect(await rig.read(quarantinedAs)).toEqual(bad);
  delete trouble.commit;
  expect(await heal()).toMatchObject({ status: "healed", quarantinedAs: undefined });
  expect(await rig.read(file.key)).toEqual(good);
});

test("a file that cannot be read is moved as it is", async () => {
  const { rig, trouble, bad, heal } = await makeTroubledRig();
  trouble.read = new StorageUnavailableError("EIO for it");
  const outcome = await heal();
  const quarantinedAs = "quarantine/rec_1.20260301T120000000Z";
  // Nor can what takes its place be read again here, which is not called healed.
  expect(outcome).toMatchObject({ status: "failed", error: { code: "STORAGE_UNAVAILABLE" }, quarantinedAs });
  expect(await rig.read(quarantinedAs)).toEqual(bad);
  const note = JSON.parse((await rig.read(`${quarantinedAs}.json`)).toString());
  expect(note).toMatchObject({ label: "unreadable", reason: "damaged" });
  expect(note).not.toHaveProperty("sha256");
});

test("what is read again and differs is not called healed", async () => {
  const rig = await makeHealRig((root) => new ForgetfulStorage(root));
  const file = await rig.file("original");
  await rm(rig.pathOf(file));
  const outcome = await healFile(
    rig.archive,
    { file, findings: [] },
    { ...BY, source: new FolderHealSource(rig.copy) },
  );
  expect(outcome).toMatchObject({ status: "failed", error: { code: "DIGEST_MISMATCH" } });
});

/** Keeps something else than it was given. */
class ForgetfulStorage extends FsStorage {
  readonly #folder: string;

  constructor(root: string) {
    super(root);
    this.#folder = root;
  }

  override stage(name: string): StagedObject {
    const staged = super.stage(name);
    if (name !== "copy") return staged;
    const commit: StagedObject["commit"] = async (key, options) => {
      await staged.commit(key, options);
      await writeFile(join(this.#folder, key), "zeros");
    };
    return { ...staged, commit };
  }
}
