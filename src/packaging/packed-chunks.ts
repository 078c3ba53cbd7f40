import { StorageUnavailableError } from "../io/errors.ts";

/**
 * Gives a file's chunks on, which must come to the size that was told before.
 *
 * @throws {StorageUnavailableError} there are more or fewer bytes.
 */
export async function* withSize(
  path: string,
  sizeBytes: number,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let leftBytes = sizeBytes;
  for await (const chunk of chunks) {
    leftBytes -= chunk.length;
    if (leftBytes < 0) throw toPackError(path);
    yield chunk;
  }
  if (leftBytes > 0) throw toPackError(path);
}

/** Makes the error of a file whose bytes are not those that were there before. */
export function toPackError(path: string): StorageUnavailableError {
  return new StorageUnavailableError(`changed while it was packed: ${path}`);
}
