import { type FileHandle, open } from "node:fs/promises";
import { toStorageError } from "./errors.ts";

const BUFFER_BYTES = 1 << 20;
const LINE_FEED = 0x0a;

/** Lines that were completed in a followed file, without their line ends. */
export interface CompletedLines {
  readonly lines: readonly string[];
  /** How many lines of the file are before these. */
  readonly linesBefore: number;
}

/** A text file that another program appends lines to. */
export class FollowedFile {
  readonly path: string;
  #readBytes = 0;
  #readLines = 0;
  /** The beginning of a line that is still being written. */
  #rest: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Gives the lines that were completed since the last call. A line that is still being written comes when it is whole.
   * A file that has become shorter was begun anew, and is read from its beginning.
   *
   * @throws {NotFoundError} there is no such file.
   */
  async takeLines(): Promise<CompletedLines> {
    try {
      const file = await open(this.path, "r");
      try {
        if ((await file.stat()).size < this.#readBytes) this.#startOver();
        return this.#split(await this.#readOn(file));
      } finally {
        await file.close();
      }
    } catch (error) {
      throw toStorageError(this.path, error);
    }
  }

  #startOver(): void {
    this.#readBytes = 0;
    this.#readLines = 0;
    this.#rest = Buffer.alloc(0);
  }

  async #readOn(file: FileHandle): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let position = this.#readBytes; ; ) {
      const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
      const { bytesRead } = await file.read(buffer, 0, BUFFER_BYTES, position);
      if (bytesRead === 0) return Buffer.concat(parts);
      position += bytesRead;
      parts.push(buffer.subarray(0, bytesRead));
    }
  }

  #split(read: Buffer): CompletedLines {
    const text = Buffer.concat([this.#rest, read]);
    const end = text.lastIndexOf(LINE_FEED) + 1;
    const lines = end === 0 ? [] : text.toString("utf8", 0, end - 1).split("\n");
    const linesBefore = this.#readLines;
    this.#readBytes += read.length;
    this.#readLines += lines.length;
    this.#rest = Buffer.from(text.subarray(end)); // A part of `text` would keep all of it.
    return { lines: lines.map((line) => line.replace(/\r$/, "")), linesBefore };
  }
}
