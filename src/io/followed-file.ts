import { open } from "node:fs/promises";
import { toStorageError } from "./errors.ts";

const BUFFER_BYTES = 1 << 20;
const LINE_FEED = 0x0a;

/** A text file that another program appends lines to. */
export class FollowedFile {
  readonly path: string;
  #readBytes = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Gives the lines that were completed since the last call, without their line ends. A line that is still being
   * written comes when it is whole.
   *
   * @throws {NotFoundError} there is no such file.
   */
  async takeLines(): Promise<readonly string[]> {
    const parts = [this.#rest];
    try {
      const file = await open(this.path, "r");
      try {
        for (;;) {
          const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
          const { bytesRead } = await file.read(buffer, 0, BUFFER_BYTES, this.#readBytes);
          if (bytesRead === 0) break;
          this.#readBytes += bytesRead;
          parts.push(buffer.subarray(0, bytesRead));
        }
      } finally {
        await file.close();
      }
    } catch (error) {
      throw toStorageError(this.path, error);
    }
    return this.#split(Buffer.concat(parts));
  }

  #split(text: Buffer): readonly string[] {
    const end = text.lastIndexOf(LINE_FEED) + 1;
    this.#rest = text.subarray(end);
    if (end === 0) return [];
    return text
      .toString("utf8", 0, end - 1)
      .split("\n")
      .map((line) => line.replace(/\r$/, ""));
  }
}
