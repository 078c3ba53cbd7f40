import { open } from "node:fs/promises";
import { toStorageError } from "./errors.ts";

/** Large enough that the hash, not the system calls, sets the pace. */
const BUFFER_BYTES = 1 << 20;

/**
 * Reads a file from start to end through one buffer that is used again for every chunk: each chunk is good only
 * until the next is asked for.
 *
 * @throws {NotFoundError} there is no such file.
 * @throws {StorageUnavailableError} it cannot be read to its end.
 */
export async function* readFileChunks(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    const file = await open(path, "r");
    try {
      const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
      for (;;) {
        signal?.throwIfAborted();
        const { bytesRead } = await file.read(buffer, 0, BUFFER_BYTES, null);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw toStorageError(path, error);
  }
}
