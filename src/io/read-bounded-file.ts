import { readFileChunks } from "./read-file.ts";

/**
 * Reads at once a file that may be anybody's, and never more of it than is allowed.
 *
 * @returns undefined when there is more.
 * @throws {NotFoundError} there is no such file.
 * @throws {StorageUnavailableError} it cannot be read.
 */
export async function tryReadBoundedFile(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of readFileChunks(path, undefined, { startByte: 0, endByte: maxBytes + 1 })) {
    chunks.push(Uint8Array.from(chunk));
    sizeBytes += chunk.length;
  }
  return sizeBytes > maxBytes ? undefined : Buffer.concat(chunks);
}
