import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConflictError, toStorageError } from "./errors.ts";
import { isThere } from "./is-there.ts";
import { makeFolder, syncPath } from "./make-folder.ts";

/** Options of {@link StagedFile.commit}. */
export interface CommitOptions {
  /** Whether a file that already stands under the name may be replaced. @default false */
  readonly overwrite?: boolean;
}

/** The end of every staged name: nothing that ends so is ever a finished file. */
export const STAGED_SUFFIX = ".part";

/**
 * A file in the making, under a name that is never final. It ends in one of two ways: {@link commit} gives it
 * its name, complete and on disk, or {@link discard} removes it.
 *
 * The bytes come from {@link write}, or from another program that writes to {@link path}.
 */
export class StagedFile {
  readonly path: string;

  /**
   * Plans a file in `directory`, which must lie on the file system of the final name. Nothing is created yet.
   *
   * @param name - Begins the file's name, for a person who looks into the folder.
   */
  constructor(directory: string, name: string) {
    this.path = join(directory, `${name}.${randomUUID().slice(0, 8)}${STAGED_SUFFIX}`);
  }

  /** Makes the folder, for another program that is going to write to {@link path}. */
  async prepare(): Promise<void> {
    await this.#guard(() => makeFolder(dirname(this.path)));
  }

  /**
   * Writes all chunks, calling `onChunk` with each before it is written.
   *
   * @throws {StorageFullError} no space left.
   * @throws {StorageUnavailableError} any other failure of the file system.
   * @throws what `chunks` or `onChunk` throws; the caller discards.
   */
  async write(chunks: AsyncIterable<Uint8Array>, onChunk: (chunk: Uint8Array) => void): Promise<void> {
    await this.prepare();
    const file = await this.#guard(() => open(this.path, "wx"));
    try {
      for await (const chunk of chunks) {
        onChunk(chunk);
        await this.#guard(() => writeWhole(file, chunk));
      }
    } finally {
      await file.close();
    }
  }

  /**
   * Brings the bytes to disk and gives them their name, with its folders. Readers of `finalPath` see the old
   * file or the whole new one, also after a crash.
   *
   * @throws {ConflictError} something stands there and `overwrite` is not set.
   * @throws {StorageFullError} no space left.
   */
  async commit(finalPath: string, { overwrite = false }: CommitOptions = {}): Promise<void> {
    await this.#guard(async () => {
      await syncPath(this.path);
      const folder = dirname(finalPath);
      await makeFolder(folder);
      if (!overwrite && (await isThere(finalPath))) throw new ConflictError(`already exists: ${finalPath}`);
      await rename(this.path, finalPath);
      await syncPath(folder);
    });
  }

  /** Removes the file if it is there. */
  async discard(): Promise<void> {
    await this.#guard(() => rm(this.path, { force: true }));
  }

  async #guard<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      throw toStorageError(this.path, error);
    }
  }
}

/** A write may take fewer bytes than it was given; what is left is written again. */
async function writeWhole(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, offset);
    offset += bytesWritten;
  }
}
