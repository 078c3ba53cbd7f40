import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { toStorageError } from "../io/errors.ts";
import { PRIVATE } from "../io/permissions.ts";

/**
 * A cache on disk: records of one length, by number. What was appended stays in memory until {@link flush}, and is never
 * synced: whoever reads it checks what it gets.
 */
export class RecordFile {
  readonly #path: string;
  readonly #recordBytes: number;
  readonly #file: number;
  /** How many records are in the file; those that wait stand behind them. */
  #written: number;
  #waiting: Uint8Array[] = [];

  /** @throws {StorageUnavailableError} it cannot be opened. */
  constructor(path: string, recordBytes: number) {
    this.#path = path;
    this.#recordBytes = recordBytes;
    this.#file = this.#guard(() => openSync(path, constants.O_RDWR | constants.O_CREAT, PRIVATE.fileMode));
    this.#written = this.#guard(() => Math.floor(fstatSync(this.#file).size / recordBytes));
  }

  /** Gives a record; one that is not there is read as zeros. */
  read(index: number): Buffer {
    const waiting = this.#waiting[index - this.#written];
    if (waiting !== undefined) return Buffer.from(waiting);
    const record = Buffer.alloc(this.#recordBytes);
    this.#guard(() => readSync(this.#file, record, 0, record.length, index * this.#recordBytes));
    return record;
  }

  append(record: Uint8Array): void {
    this.#waiting.push(record);
  }

  /** Makes the file hold so many records: what is behind is cut off, and what is missing is zeros. */
  resize(count: number): void {
    this.#waiting = [];
    this.#guard(() => ftruncateSync(this.#file, count * this.#recordBytes));
    this.#written = count;
  }

  /**
   * Writes what waits. After a failure it still waits.
   *
   * @throws {StorageFullError} no space left.
   */
  flush(): void {
    const bytes = Buffer.concat(this.#waiting);
    const startByte = this.#written * this.#recordBytes;
    this.#guard(() => {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#file, bytes, done, bytes.length - done, startByte + done);
      }
    });
    this.#written += this.#waiting.length;
    this.#waiting = [];
  }

  close(): void {
    closeSync(this.#file);
  }

  #guard<T>(operation: () => T): T {
    try {
      return operation();
    } catch (error) {
      throw toStorageError(this.#path, error);
    }
  }
}
