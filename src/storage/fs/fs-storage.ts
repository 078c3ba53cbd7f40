import { lstat, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type StorageKey, toStorageKey } from "../../core/storage-key.ts";
import { StorageUnavailableError, toStorageError, toSystemCode } from "../../io/errors.ts";
import { isThere } from "../../io/is-there.ts";
import { makeFolder, syncPath } from "../../io/make-folder.ts";
import { PRIVATE } from "../../io/permissions.ts";
import { readFileChunks } from "../../io/read-file.ts";
import { RESUMABLE_SUFFIX, toHeldName } from "../../io/resumable-file.ts";
import { type CommitOptions, STAGED_SUFFIX, StagedFile } from "../../io/staged-file.ts";
import { walkNames } from "../../io/walk-names.ts";
import type { Aside, ObjectName, ObjectStat, StagedObject, Storage, TakeOverOptions } from "../storage.ts";
import { moveAside } from "./move-aside.ts";

/** Objects as files below one folder, staged in its `tmp/`. What it makes is its owner's alone; what is there keeps its mode. */
export class FsStorage implements Storage {
  readonly traits: { readonly location: string };
  readonly #root: string;
  readonly #stagingFolder: string;
  #folderMade: Promise<void> | undefined;

  constructor(root: string) {
    this.#root = root;
    this.#stagingFolder = join(root, "tmp");
    this.traits = { location: root };
  }

  stage(name: string): StagedObject {
    return this.#toStaged(this.#begin(name));
  }

  async resumableStem(name: string): Promise<string> {
    this.#folderMade ??= makeFolder(this.#stagingFolder, PRIVATE);
    await this.#folderMade;
    return join(this.#stagingFolder, name);
  }

  async heldBytes(): Promise<ReadonlyMap<string, number>> {
    const held = (await this.#listStaged()).filter((name) => name.endsWith(RESUMABLE_SUFFIX));
    const sizes = held.map(async (name) => [toHeldName(name), await sizeOf(join(this.#stagingFolder, name))] as const);
    return new Map(await Promise.all(sizes));
  }

  async takeOver(path: string, { isRejected = false }: TakeOverOptions = {}): Promise<StagedObject> {
    if (!isRejected) return this.#toStaged(StagedFile.takeOver(path, PRIVATE));
    const file = this.#begin("rejected");
    try {
      await rename(path, file.path);
    } catch (error) {
      throw toStorageError(path, error);
    }
    return this.#toStaged(file);
  }

  async settle(keys: readonly StorageKey[]): Promise<void> {
    await Promise.all([...this.#toFolders(keys)].map(syncFolder));
  }

  read(key: StorageKey, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    return readFileChunks(this.#toPath(key), signal);
  }

  setAside(key: StorageKey, { key: freeKey, note }: Aside): Promise<void> {
    const record = this.#begin("record");
    const place = { path: this.#toPath(freeKey), notePath: this.#toPath(note.key) };
    return moveAside(this.#toPath(key), { ...place, record, text: note.text });
  }

  async remove(keys: readonly StorageKey[]): Promise<void> {
    for (const key of keys) {
      const path = this.#toPath(key);
      try {
        await rm(path, { force: true });
      } catch (error) {
        throw toStorageError(path, error);
      }
    }
    // Also for what was gone before: nobody knows whether that was on disk.
    for (const folder of this.#toFolders(keys)) if (await isThere(folder)) await syncFolder(folder);
  }

  async stat(key: StorageKey): Promise<ObjectStat | undefined> {
    const path = this.#toPath(key);
    try {
      const stats = await lstat(path);
      return { key, sizeBytes: stats.size, isRegular: stats.isFile() };
    } catch (error) {
      const code = toSystemCode(error);
      if (code === "ENOENT" || code === "ENOTDIR") return undefined;
      throw toStorageError(path, error);
    }
  }

  async *list(prefix: StorageKey): AsyncIterable<ObjectName> {
    const folder = this.#toPath(prefix);
    if (!(await isThere(folder))) return;
    try {
      for await (const { path, isRegular } of walkNames(folder)) {
        yield { key: toStorageKey(prefix, path), isRegular };
      }
    } catch (error) {
      // A folder that vanishes, or a name that is no UTF-8, is no empty folder.
      throw new StorageUnavailableError(`not all of it can be listed: ${folder}`, { cause: error });
    }
  }

  withLocalFile<T>(key: StorageKey, use: (path: string) => Promise<T>): Promise<T> {
    return use(this.#toPath(key));
  }

  async sweep(heldSinceMs: number): Promise<number> {
    let removed = 0;
    for (const name of await this.#listStaged()) {
      const path = join(this.#stagingFolder, name);
      const isLeft =
        name.endsWith(STAGED_SUFFIX) || (name.endsWith(RESUMABLE_SUFFIX) && (await isUseless(path, heldSinceMs)));
      if (!isLeft) continue;
      await rm(path, { force: true });
      removed += 1;
    }
    return removed;
  }

  #begin(name: string): StagedFile {
    return new StagedFile(this.#stagingFolder, name, PRIVATE);
  }

  #toStaged(file: StagedFile): StagedObject {
    return {
      path: file.path,
      prepare: () => file.prepare(),
      write: (chunks, onChunk) => file.write(chunks, onChunk),
      seal: () => file.seal(),
      place: (key: StorageKey, options?: CommitOptions) => file.place(this.#toPath(key), options),
      commit: (key: StorageKey, options?: CommitOptions) => file.commit(this.#toPath(key), options),
      discard: () => file.discard(),
    };
  }

  async #listStaged(): Promise<string[]> {
    try {
      return await readdir(this.#stagingFolder);
    } catch (error) {
      if (toSystemCode(error) === "ENOENT") return [];
      throw toStorageError(this.#stagingFolder, error);
    }
  }

  #toPath(key: StorageKey): string {
    return join(this.#root, key);
  }

  #toFolders(keys: readonly StorageKey[]): ReadonlySet<string> {
    return new Set(keys.map((key) => dirname(this.#toPath(key))));
  }
}

async function syncFolder(folder: string): Promise<void> {
  try {
    await syncPath(folder);
  } catch (error) {
    throw toStorageError(folder, error);
  }
}

async function isUseless(path: string, heldSinceMs: number): Promise<boolean> {
  const { mtimeMs, size } = await lstat(path);
  return mtimeMs < heldSinceMs || size === 0;
}

/** What has got its name, or was discarded, since it was listed holds nothing any more. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await lstat(path)).size;
  } catch (error) {
    if (toSystemCode(error) === "ENOENT") return 0;
    throw toStorageError(path, error);
  }
}
