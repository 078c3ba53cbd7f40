import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type StorageKey, toStorageKey } from "../../core/storage-key.ts";
import { StorageUnavailableError, toStorageError, toSystemCode } from "../../io/errors.ts";
import { isThere } from "../../io/is-there.ts";
import { readFileChunks } from "../../io/read-file.ts";
import { type CommitOptions, STAGED_SUFFIX, StagedFile } from "../../io/staged-file.ts";
import { walkFiles } from "../../io/walk-files.ts";
import type { ObjectStat, StagedObject, Storage } from "../storage.ts";

/** Objects as files below one folder, staged in its `tmp/`. */
export class FsStorage implements Storage {
  readonly traits: { readonly location: string };
  readonly #root: string;
  readonly #stagingFolder: string;

  constructor(root: string) {
    this.#root = root;
    this.#stagingFolder = join(root, "tmp");
    this.traits = { location: root };
  }

  stage(name: string): StagedObject {
    const file = new StagedFile(this.#stagingFolder, name);
    return {
      path: file.path,
      prepare: () => file.prepare(),
      write: (chunks, onChunk) => file.write(chunks, onChunk),
      commit: (key: StorageKey, options?: CommitOptions) => file.commit(this.#toPath(key), options),
      discard: () => file.discard(),
    };
  }

  read(key: StorageKey, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    return readFileChunks(this.#toPath(key), signal);
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

  async *list(prefix: StorageKey): AsyncIterable<ObjectStat> {
    const folder = this.#toPath(prefix);
    if (!(await isThere(folder))) return;
    try {
      for await (const { path, sizeBytes, isRegular } of walkFiles(folder)) {
        yield { key: toStorageKey(prefix, path), sizeBytes, isRegular };
      }
    } catch (error) {
      // A folder that vanishes, or a name that is no UTF-8, is no empty folder.
      throw new StorageUnavailableError(`not all of it can be listed: ${folder}`, { cause: error });
    }
  }

  withLocalFile<T>(key: StorageKey, use: (path: string) => Promise<T>): Promise<T> {
    return use(this.#toPath(key));
  }

  async sweep(): Promise<number> {
    const leftovers = (await this.#listStaged()).filter((name) => name.endsWith(STAGED_SUFFIX));
    for (const name of leftovers) await rm(join(this.#stagingFolder, name), { force: true });
    return leftovers.length;
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
}
