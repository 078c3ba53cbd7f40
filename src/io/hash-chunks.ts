import { createHash } from "node:crypto";
import { parseSha256, type Sha256Hex } from "../core/digest.ts";

/** Computes the SHA-256 of chunks in the order they come, and counts their bytes. */
export async function hashChunks(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ readonly sha256: Sha256Hex; readonly sizeBytes: number }> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return { sha256: parseSha256(hash.digest("hex")), sizeBytes };
}
