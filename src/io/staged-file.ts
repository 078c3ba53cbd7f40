import { randomUUID } from "node:crypto";
import { closeSync, fdatasync, linkSync, lstatSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { ConflictError, toStorageError, toSystemCode } from "./errors.ts";
import { makeFolder, syncPath } from "./make-folder.ts";
import { BY_UMASK, type Permissions } from "./permissions.ts";

/** Options of {@link StagedFile.commit}. */
export interface CommitOptions {
  /** Whether a file that already stands under the name may be replaced. @default false */
  readonly overwrite?: boolean;
}

/** The end of every staged name: nothing that ends so is ever a finished file. */
export const STAGED_SUFFIX = ".part";

const sync = promisify(fdatasync);

/**
 * A file in the making, under a name that is never final. It ends in one of two ways: {@link commit} gives it
 * its name, complete and on disk, or {@link discard} removes it.
 *
 * The bytes come from {@link write}, or from another program that writes to {@link path}.
 *
 * Only bringing bytes to disk takes long enough to be worth a trip to the thread pool. All else is done at once: the
 * trip costs several times as much as making, writing or renaming a small file.
 */
export class StagedFile {
  #path: string;
  readonly #permissions: Permissions;
  #file: number | undefined;
  #isSealed = false;
  #isPlaced = false;

  /**
   * Plans a file in `directory`, which must lie on the file system of the final name. Nothing is created yet.
   *
   * @param name - Begins the file's name, for a person who looks into the folder.
   * @param permissions - Of the file, if it is made here, and of the folders that are missing, also at its final name.
   */
  constructor(directory: string, name: string, permissions: Permissions = BY_UMASK) {
    this.#path = join(directory, `${name}.${randomUUID().slice(0, 8)}${STAGED_SUFFIX}`);
    this.#permissions = permissions;
  }

  /** Takes over a file that is on disk already, under a name that is not final either. It keeps its mode. */
  static takeOver(path: string, permissions: Permissions): StagedFile {
    const file = new StagedFile(dirname(path), basename(path), permissions);
    file.#path = path;
    file.#isSealed = true;
    return file;
  }

  /** Where the bytes are until they get their name. */
  get path(): string {
    return this.#path;
  }

  /**
   * Makes the folder, where the file itself would be in the way of the work.
   *
   * @throws {StorageUnavailableError} nothing can be written there.
   */
  async prepareFolder(): Promise<void> {
    await this.#guard(async () => {
      await makeFolder(dirname(this.path), this.#permissions);
      await access(dirname(this.path), constants.W_OK);
    });
  }

  /**
   * Makes the file, still empty: a folder that cannot be written to is told of before the work, and another program that is
   * going to write to {@link path} finds it with its permissions. {@link write} does it if it was not done.
   *
   * @throws {StorageFullError} no space left.
   * @throws {StorageUnavailableError} any other failure of the file system.
   */
  async prepare(): Promise<void> {
    await this.#create();
  }

  /**
   * Writes all chunks, calling `onChunk` with each before it is written.
   *
   * @throws {StorageFullError} no space left.
   * @throws {StorageUnavailableError} any other failure of the file system.
   * @throws what `chunks` or `onChunk` throws; the caller discards.
   */
  async write(chunks: AsyncIterable<Uint8Array>, onChunk: (chunk: Uint8Array) => void): Promise<void> {
    const file = await this.#create();
    for await (const chunk of chunks) {
      onChunk(chunk);
      await this.#guard(() => writeWhole(file, chunk));
    }
  }

  /** Brings the bytes to disk. Idempotent; {@link place} does it if it was not done. */
  async seal(): Promise<void> {
    if (this.#isSealed) return;
    await this.#guard(async () => {
      if (this.#file === undefined) await syncPath(this.path);
      else await sync(this.#file);
      this.#close();
    });
    this.#isSealed = true;
  }

  /**
   * Gives the sealed bytes their name, with its folders. Readers of `finalPath` see the old file or the whole new one,
   * also after a crash; that the name outlives a power cut is sure only when its folder is synced.
   *
   * @throws {ConflictError} something stands there and `overwrite` is not set.
   */
  async place(finalPath: string, { overwrite = false }: CommitOptions = {}): Promise<void> {
    await this.seal();
    try {
      await this.#withFolder(finalPath, () => {
        if (overwrite) renameSync(this.path, finalPath);
        else nameExclusively(this.path, finalPath);
      });
    } catch (error) {
      // It is the name that was refused.
      throw toStorageError(finalPath, error);
    }
    this.#isPlaced = true;
  }

  /**
   * Brings the bytes to disk and gives them their name, for good.
   *
   * @throws {ConflictError} something stands there and `overwrite` is not set.
   * @throws {StorageFullError} no space left.
   */
  async commit(finalPath: string, options: CommitOptions = {}): Promise<void> {
    await this.place(finalPath, options);
    await this.#guard(() => syncPath(dirname(finalPath)));
  }

  /** Removes the file, if it is there and has not got its name. */
  async discard(): Promise<void> {
    if (this.#isPlaced) return;
    await this.#guard(async () => {
      this.#close();
      rmSync(this.path, { force: true });
    });
  }

  async #create(): Promise<number> {
    this.#file ??= await this.#guard(() =>
      this.#withFolder(this.path, () => openSync(this.path, "wx", this.#permissions.fileMode)),
    );
    return this.#file;
  }

  #close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  /** Does something that needs a path's folder, which is there but for the first time. */
  async #withFolder<T>(path: string, operation: () => T): Promise<T> {
    try {
      return operation();
    } catch (error) {
      if (toSystemCode(error) !== "ENOENT") throw error;
      await makeFolder(dirname(path), this.#permissions);
      return operation();
    }
  }

  async #guard<T>(operation: () => T | Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      throw toStorageError(this.path, error);
    }
  }
}

/** What a file system answers that has no hard links, such as exFAT. */
const NO_LINKS: readonly (string | undefined)[] = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];

/** Gives a file another name, unless something has that already, also if another process gives it at this very moment. */
function nameExclusively(path: string, finalPath: string): void {
  try {
    linkSync(path, finalPath);
  } catch (error) {
    const code = toSystemCode(error);
    if (code !== "EEXIST" && !NO_LINKS.includes(code)) throw error;
    if (lstatSync(finalPath, { throwIfNoEntry: false }) !== undefined) {
      throw new ConflictError(`already exists: ${finalPath}`, { cause: error });
    }
    renameSync(path, finalPath);
    return;
  }
  rmSync(path);
}

/** A write may take fewer bytes than it was given; what is left is written again. */
function writeWhole(file: number, chunk: Uint8Array): void {
  for (let offset = 0; offset < chunk.length; ) offset += writeSync(file, chunk, offset);
}
