import { type FileHandle, open } from "node:fs/promises";
import { toStorageError } from "../io/errors.ts";

/** Some dozens of small neighbours at a time, and little for nothing where they lie far apart. */
const WINDOW_BYTES = 8 << 10;

/** Reads small pieces of a file from anywhere in it; neighbours cost one trip to the disk. */
export class FileWindow {
  readonly path: string;
  readonly sizeBytes: number;
  readonly #file: FileHandle;
  #startByte = 0;
  #bytes = Buffer.alloc(0);

  constructor(path: string, file: FileHandle, sizeBytes: number) {
    this.path = path;
    this.#file = file;
    this.sizeBytes = sizeBytes;
  }

  /** Gives the bytes from `startByte` on, fewer where the file ends. They are good until the next are asked for. */
  async read(startByte: number, lengthBytes: number): Promise<Buffer> {
    const at = startByte - this.#startByte;
    if (at >= 0 && at + lengthBytes <= this.#bytes.length) return this.#bytes.subarray(at, at + lengthBytes);
    const leftBytes = Math.max(0, this.sizeBytes - startByte);
    const buffer = Buffer.allocUnsafe(Math.min(Math.max(lengthBytes, WINDOW_BYTES), leftBytes));
    let readBytes = 0;
    while (readBytes < buffer.length) {
      const left = buffer.length - readBytes;
      const { bytesRead } = await this.#file.read(buffer, readBytes, left, startByte + readBytes);
      if (bytesRead === 0) break;
      readBytes += bytesRead;
    }
    this.#startByte = startByte;
    this.#bytes = buffer.subarray(0, readBytes);
    return this.#bytes.subarray(0, lengthBytes);
  }
}

/**
 * Opens a file for reading here and there, and closes it when `use` settles.
 *
 * @throws {NotFoundError} there is no such file.
 * @throws {StorageUnavailableError} it cannot be read.
 */
export async function withFileWindow<T>(path: string, use: (window: FileWindow) => Promise<T>): Promise<T> {
  try {
    const file = await open(path, "r");
    try {
      return await use(new FileWindow(path, file, (await file.stat()).size));
    } finally {
      await file.close();
    }
  } catch (error) {
    throw toStorageError(path, error);
  }
}
