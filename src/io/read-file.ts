import { open } from "node:fs/promises";
import { toStorageError } from "./errors.ts";

/** Large enough that the hash, not the system calls, sets the pace. */
const BUFFER_BYTES = 1 << 20;

/** A part of a file, in bytes from its beginning; the end is the first byte behind it. */
export interface ByteSpan {
  readonly startByte: number;
  readonly endByte: number;
}

/** A part of a file that is a file of its own to its reader, such as one that lies in a container. */
export interface FileSpan extends ByteSpan {
  readonly path: string;
}

const WHOLE: ByteSpan = { startByte: 0, endByte: Number.POSITIVE_INFINITY };

/**
 * Reads a file, or a part of it, from start to end through one buffer that is used again for every chunk: each chunk is good only
 * until the next is asked for.
 *
 * @throws {NotFoundError} there is no such file.
 * @throws {StorageUnavailableError} it cannot be read to its end.
 */
export async function* readFileChunks(
  path: string,
  signal?: AbortSignal,
  { startByte, endByte }: ByteSpan = WHOLE,
): AsyncGenerator<Uint8Array> {
  try {
    const file = await open(path, "r");
    try {
      const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
      for (let position = startByte; position < endByte; ) {
        signal?.throwIfAborted();
        const wanted = Math.min(BUFFER_BYTES, endByte - position);
        // A pipe has no positions: whoever reads from the start reads on.
        const { bytesRead } = await file.read(buffer, 0, wanted, startByte === 0 ? null : position);
        if (bytesRead === 0) return;
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw toStorageError(path, error);
  }
}
