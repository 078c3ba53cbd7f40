import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { toStorageError } from "./errors.ts";
import { type FileReading, type FileSight, lookAtFile } from "./look-at-file.ts";

/** What a copy needs beside the two places. */
export interface CopyFileOptions {
  /** Each chunk lies here; it is used again for the next. */
  readonly buffer: Buffer;
  /** Called before each chunk is read; what it throws ends the copy. */
  readonly beforeChunk: () => void;
  /** Called with each chunk when it is written; it is good until it returns. */
  readonly onChunk: FileReading["onChunk"];
}

/**
 * Copies a file's bytes to a new file; they are on disk only after {@link syncFile}. Synchronous, for threads that do nothing
 * else. What cannot be read is told, not thrown, and so is a file that changes while it is read; no copy is left then.
 *
 * @throws {ConflictError} something stands under the new name.
 * @throws {StorageFullError} no space left.
 * @throws {StorageUnavailableError} the copy cannot be written.
 * @throws what the functions of `options` throw; no copy is left then.
 */
export function copyFile(from: string, to: string, { buffer, beforeChunk, onChunk }: CopyFileOptions): FileSight {
  const target = guard(to, () => openSync(to, "wx"));
  let isWhole = false;
  try {
    const sight = lookAtFile(from, {
      buffer,
      beforeChunk,
      onChunk: (chunk, sizeBytes) => {
        guard(to, () => writeWhole(target, chunk));
        onChunk(chunk, sizeBytes);
      },
    });
    isWhole = sight.kind === "regular";
    return sight;
  } finally {
    closeSync(target);
    if (!isWhole) rmSync(to, { force: true });
  }
}

/**
 * Brings the bytes of a file to disk, synchronously.
 *
 * @throws {StorageFullError | StorageUnavailableError} they cannot be.
 */
export function syncFile(path: string): void {
  guard(path, () => {
    const file = openSync(path, "r");
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  });
}

function writeWhole(file: number, chunk: Uint8Array): void {
  for (let offset = 0; offset < chunk.length; ) offset += writeSync(file, chunk, offset);
}

function guard<T>(path: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw toStorageError(path, error);
  }
}
