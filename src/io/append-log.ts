import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { toStorageError } from "./errors.ts";
import { makeFolder, syncPath } from "./make-folder.ts";
import { mendLastLine } from "./mend-last-line.ts";
import { PRIVATE } from "./permissions.ts";

/**
 * An NDJSON file that only grows, by whole lines, each on disk before its append resolves. One process at a time
 * writes to it. Lines that wait while others are being written go to disk together, with one sync for all of them.
 */
export class AppendLog {
  readonly #path: string;
  #lines: string[] = [];
  /** The batch that takes further lines; it begins when those before it have ended. */
  #next: Promise<void> | undefined;
  #settled: Promise<void> = Promise.resolve();
  /** Where a batch that failed began: what is behind it was promised to nobody. */
  #failedFromBytes: number | undefined;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Opens the file, made with its folders for its owner alone if need be. A last line that a crash left incomplete is cut off.
   *
   * @throws {StorageFullError} no space left.
   * @throws {StorageUnavailableError} any other failure of the file system.
   */
  static async open(path: string): Promise<AppendLog> {
    try {
      await makeFolder(dirname(path), PRIVATE);
      const file = await open(path, "a+", PRIVATE.fileMode);
      await mendLastLine(file).finally(() => file.close());
      await syncPath(dirname(path));
      return new AppendLog(path);
    } catch (error) {
      throw toStorageError(path, error);
    }
  }

  /**
   * Appends a line, given without its end; lines stand in the order of the calls. After a failure nothing of the line
   * is kept, and the next append is a new try.
   *
   * @throws {NotFoundError} the file was removed; it is not made anew, for what it held is missed.
   * @throws {StorageFullError} no space left.
   * @throws {StorageUnavailableError} any other failure of the file system.
   */
  append(line: string): Promise<void> {
    this.#lines.push(`${line}\n`);
    if (this.#next === undefined) {
      this.#next = this.#settled.then(() => this.#writeBatch());
      this.#settled = this.#next.catch(() => undefined); // Those who appended are told.
    }
    return this.#next;
  }

  /** Resolves when everything appended so far is on disk or has failed. */
  settled(): Promise<void> {
    return this.#settled;
  }

  async #writeBatch(): Promise<void> {
    const text = this.#lines.join("");
    this.#lines = [];
    this.#next = undefined;
    try {
      // Opened for every batch: through an old handle, lines would go without an error to a file that was removed.
      const file = await open(this.#path, constants.O_WRONLY | constants.O_APPEND);
      await this.#write(file, text).finally(() => file.close());
    } catch (error) {
      throw toStorageError(this.#path, error);
    }
  }

  /** Also after a failed sync all is written again: what the system then still says of the pages is not to be trusted. */
  async #write(file: FileHandle, text: string): Promise<void> {
    const { size } = await file.stat();
    const startBytes = Math.min(size, this.#failedFromBytes ?? size);
    if (startBytes < size) await file.truncate(startBytes);
    this.#failedFromBytes = startBytes;
    await file.appendFile(text);
    await file.datasync();
    this.#failedFromBytes = undefined;
  }
}
