import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Collection } from "../core/sequence.ts";
import { toStorageError } from "./errors.ts";

/** Options of a {@link Spool}. */
export interface SpoolOptions {
  /** How many things stay in memory; those behind them go to the file. @default 50,000 */
  readonly heldItems?: number;
}

const DEFAULT_HELD_ITEMS = 50_000;

/** So many things go to the file together: one of a report takes some 300 bytes, so this is a trip that is worth it. */
const BLOCK_ITEMS = 1000;

/** One UTF-16 unit takes no more in UTF-8. */
const MAX_UTF8_BYTES = 3;

/** Where a block of things lies in the file. */
interface Block {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

/**
 * Keeps things in their order, the first of them in memory and the others in a file without a name among the system's
 * temporary files, which is made when there is something to write, is nobody else's to read, and is gone with the process.
 * What comes out of the file is what JSON makes of what went in.
 */
export class Spool<T> implements Collection<T> {
  readonly #heldItems: number;
  readonly #held: T[] = [];
  readonly #blocks: Block[] = [];
  #waiting: T[] = [];
  #length = 0;
  #file: number | undefined;
  /** Bytes on their way to the file and back: used again and again, for the collector is slow to let go of such. */
  #bytes = Buffer.alloc(0);

  constructor({ heldItems = DEFAULT_HELD_ITEMS }: SpoolOptions = {}) {
    this.#heldItems = heldItems;
  }

  get length(): number {
    return this.#length;
  }

  /**
   * Adds a thing at the end.
   *
   * @throws {StorageFullError} the disk of the temporary files is full.
   * @throws {StorageUnavailableError} the file cannot be made or written for another reason.
   */
  push(item: T): void {
    const { length } = this.#held;
    if (length < this.#heldItems) this.#held.push(item);
    else if (this.#waiting.push(item) === BLOCK_ITEMS) this.#writeBlock();
    this.#length += 1;
  }

  /**
   * Gives the things in their order, as often as it is asked for, with one block in memory at a time. It may be left early.
   * Nothing is pushed meanwhile.
   *
   * @throws {StorageUnavailableError} the file cannot be read.
   */
  *[Symbol.iterator](): Generator<T, void, undefined> {
    yield* this.#held;
    for (const block of this.#blocks) yield* this.#readBlock(block);
    yield* this.#waiting;
  }

  /** Lets go of the file. The spool is not used afterwards. Idempotent. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #writeBlock(): void {
    const text = JSON.stringify(this.#waiting);
    const sizeBytes = this.#makeRoom(text.length * MAX_UTF8_BYTES).write(text);
    const last = this.#blocks.at(-1);
    const offsetBytes = last === undefined ? 0 : last.offsetBytes + last.sizeBytes;
    this.#file ??= openNameless();
    try {
      for (let done = 0; done < sizeBytes; ) {
        done += writeSync(this.#file, this.#bytes, done, sizeBytes - done, offsetBytes + done);
      }
    } catch (error) {
      throw toStorageError(tmpdir(), error);
    }
    this.#blocks.push({ offsetBytes, sizeBytes });
    this.#waiting = [];
  }

  #readBlock({ offsetBytes, sizeBytes }: Block): readonly T[] {
    if (this.#file === undefined) throw new Error("internal error: a spool was read after its end");
    const bytes = this.#makeRoom(sizeBytes);
    try {
      for (let done = 0; done < sizeBytes; ) {
        const count = readSync(this.#file, bytes, done, sizeBytes - done, offsetBytes + done);
        if (count === 0) throw new Error("internal error: a spool's file is shorter than what was written to it");
        done += count;
      }
    } catch (error) {
      throw toStorageError(tmpdir(), error);
    }
    return JSON.parse(bytes.toString("utf8", 0, sizeBytes));
  }

  #makeRoom(sizeBytes: number): Buffer {
    if (this.#bytes.length < sizeBytes) this.#bytes = Buffer.allocUnsafeSlow(sizeBytes);
    return this.#bytes;
  }
}

/** Makes a file and takes its name away at once, so that nothing stays of a process that is killed. */
function openNameless(): number {
  const path = join(tmpdir(), `holdfast-spool.${randomUUID()}`);
  try {
    const file = openSync(path, "wx+", 0o600);
    unlinkSync(path);
    return file;
  } catch (error) {
    throw toStorageError(path, error);
  }
}
