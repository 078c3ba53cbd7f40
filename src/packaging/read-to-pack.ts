import { closeSync, constants, openSync, readSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { toStorageError } from "../io/errors.ts";

/** A link that took a file's place is not followed. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW;

/**
 * Reads a file through a buffer that is used for all files: a trip to the thread pool and a buffer of its own would cost several
 * times as much as reading a small one. Between chunks others get their turn.
 *
 * @throws {StorageUnavailableError} it cannot be read.
 * @throws the reason of `signal` when it aborts.
 */
export async function* readToPack(path: string, buffer: Buffer, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = guard(path, () => openSync(path, OPEN_FLAGS));
  try {
    for (;;) {
      await setImmediate();
      signal?.throwIfAborted();
      const readBytes = guard(path, () => readSync(file, buffer, 0, buffer.length, null));
      if (readBytes === 0) return;
      yield buffer.subarray(0, readBytes);
    }
  } finally {
    closeSync(file);
  }
}

function guard<T>(path: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw toStorageError(path, error);
  }
}
