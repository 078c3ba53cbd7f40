import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { toStorageError } from "../io/errors.ts";
import { LedgerBrokenError } from "./errors.ts";

/** The file of a ledger's events, which only grows. Who appends waits for the append before. */
export class EventFile {
  readonly path: string;
  #endByte: number;
  /** Whether bytes may stand behind the end that were promised to nobody. */
  #hasLeftovers = false;

  /** @param endByte - Where the last event ends. */
  constructor(path: string, endByte: number) {
    this.path = path;
    this.#endByte = endByte;
  }

  /** How many bytes are durable. */
  get endByte(): number {
    return this.#endByte;
  }

  /**
   * Appends bytes, durable when it resolves. After a failure nothing of them is kept, and the next append is a new try.
   *
   * @throws {LedgerBrokenError} the file is not as long as it was left.
   * @throws {StorageFullError} no space left.
   * @throws {StorageUnavailableError} any other failure of the file system.
   */
  async append(bytes: Buffer): Promise<void> {
    try {
      // Opened for every batch: through an old handle, bytes would go without an error to a file that was removed.
      const file = await open(this.path, constants.O_WRONLY | constants.O_APPEND);
      await this.#write(file, bytes).finally(() => file.close());
    } catch (error) {
      throw toStorageError(this.path, error);
    }
  }

  /**
   * Cuts off what stands behind the end.
   *
   * @throws {StorageUnavailableError} it cannot be cut off.
   */
  async cut(): Promise<void> {
    try {
      const file = await open(this.path, "r+");
      await cutBehind(file, this.#endByte).finally(() => file.close());
    } catch (error) {
      throw toStorageError(this.path, error);
    }
  }

  async #write(file: FileHandle, bytes: Buffer): Promise<void> {
    if (this.#hasLeftovers) await cutBehind(file, this.#endByte);
    const { size } = await file.stat();
    if (size !== this.#endByte) {
      throw new LedgerBrokenError(`${this.path} has ${size} bytes, and was left with ${this.#endByte}`);
    }
    this.#hasLeftovers = true;
    try {
      await file.appendFile(bytes);
      await file.datasync();
    } catch (error) {
      // If this fails too, the next append does it, or opening finds a torn line or events that nothing vouches for.
      await cutBehind(file, this.#endByte).catch(() => undefined);
      throw error;
    }
    this.#hasLeftovers = false;
    this.#endByte += bytes.length;
  }
}

async function cutBehind(file: FileHandle, endByte: number): Promise<void> {
  await file.truncate(endByte);
  await file.datasync();
}
