import { randomUUID } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { OWNER } from "./abandoned-files.ts";
import { ConflictError, toStorageError } from "./errors.ts";
import { isThere } from "./is-there.ts";
import { makeFolder, syncPath } from "./make-folder.ts";
import { STAGED_SUFFIX } from "./staged-file.ts";

/**
 * A folder in the making, under a name that is never final. It ends in one of two ways: {@link commit} gives it its name, with
 * all that is in it, or {@link discard} removes it. Of a process that was killed, `sweepAbandoned` removes it.
 */
export class StagedFolder {
  readonly path: string;
  readonly #folders = new Set<string>();
  #isPlaced = false;

  /** Plans a folder in `directory`, which must lie on the file system of the final name. Nothing is created yet. */
  constructor(directory: string, name: string) {
    this.path = join(directory, `.${name}.${OWNER}.${randomUUID().slice(0, 8)}${STAGED_SUFFIX}`);
  }

  /**
   * Makes a folder in it, and those above it, itself at first; one that is there is no error.
   *
   * @param place - From the staged folder on; itself for the empty text.
   * @throws {StorageFullError | StorageUnavailableError} it cannot be made.
   */
  async prepare(place: string): Promise<void> {
    const path = join(this.path, place);
    if (this.#folders.has(path)) return;
    if (this.#folders.size === 0) await guard(dirname(this.path), () => makeFolder(dirname(this.path)));
    await guard(path, () => mkdir(path, { recursive: true }));
    for (let folder = path; folder !== dirname(this.path); folder = dirname(folder)) this.#folders.add(folder);
  }

  /**
   * Brings the names in its folders to disk and gives it its name, for good. The files in it are on disk already.
   *
   * @throws {ConflictError} something stands there; it was left as it is.
   * @throws {StorageUnavailableError} it cannot be named.
   */
  async commit(finalPath: string): Promise<void> {
    await guard(finalPath, async () => {
      for (const folder of this.#folders) await syncPath(folder);
      if (await isThere(finalPath)) throw new ConflictError(`already exists: ${finalPath}`);
      await rename(this.path, finalPath);
      this.#isPlaced = true;
      await syncPath(dirname(finalPath));
    });
  }

  /** Removes it with all that is in it, unless it has got its name. */
  async discard(): Promise<void> {
    if (this.#isPlaced) return;
    await guard(this.path, () => rm(this.path, { recursive: true, force: true }));
  }
}

async function guard<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw toStorageError(path, error);
  }
}
