import { createSHA256 } from "hash-wasm";
import type { PickedFile } from "./check-messages.ts";
import { ChunkReader, UnreadableError } from "./chunk-reader.ts";

/** While the disk is asked for some files, others are hashed. */
const LANES = 4;

/**
 * Computes the SHA-256 digests of files, lower-case, by path; undefined stands for a file that could not be read.
 *
 * The browser's own cryptography takes a file whole or not at all, so a program of ours does it piece by piece. Memory is
 * a few pieces, however large the files are.
 *
 * @param onRead - Is told of what was read since it was told last.
 */
export async function hashFiles(
  files: readonly PickedFile[],
  onRead: (read: { readonly files: number; readonly bytes: number }) => void,
): Promise<ReadonlyMap<string, string | undefined>> {
  const digests = new Map<string, string | undefined>();
  const left = files.values();
  const runLane = async () => {
    const [hasher, reader] = [await createSHA256(), new ChunkReader()];
    const update = (chunk: Uint8Array) => {
      hasher.update(chunk);
      onRead({ files: 0, bytes: chunk.length });
    };
    for (const { path, file } of left) {
      hasher.init();
      digests.set(path, (await readWhole(reader.read(file), update)) ? hasher.digest("hex") : undefined);
      onRead({ files: 1, bytes: 0 });
    }
  };
  await Promise.all(Array.from({ length: LANES }, runLane));
  return digests;
}

/** Tells whether a file was read to its end. */
async function readWhole(chunks: AsyncIterable<Uint8Array>, onChunk: (chunk: Uint8Array) => void): Promise<boolean> {
  try {
    for await (const chunk of chunks) onChunk(chunk);
    return true;
  } catch (error) {
    if (error instanceof UnreadableError) return false;
    throw error;
  }
}
