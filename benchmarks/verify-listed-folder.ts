import { createCipheriv, createHash } from "node:crypto";
import { mkdir, open, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Outputs } from "./harness/benchmark.ts";
import { toChecksumList } from "./harness/checksum-list.ts";

/** The name of the list in its folder. */
export const CHECKSUM_LIST = "SHA256SUMS";

/** How many files there are and how large each of them is. */
export interface ListedFiles {
  readonly files: number;
  readonly sizeBytes: number;
}

const FILES_PER_FOLDER = 1000;
const CHUNK_BYTES = 1 << 20;

/**
 * Writes files of noise below a folder, and a list of their digests beside them. The bytes are the same on every machine: the
 * key stream of AES-128-CTR, whose counter begins with the file's number.
 *
 * @returns the digests by path, in the list's order.
 */
export async function writeListedFolder(folder: string, { files, sizeBytes }: ListedFiles): Promise<Outputs> {
  const digests = new Map<string, string>();
  for (let index = 0; index < files; index += 1) {
    const path = `${toName(Math.floor(index / FILES_PER_FOLDER))}/${toName(index)}.bin`;
    if (index % FILES_PER_FOLDER === 0) await mkdir(dirname(join(folder, path)), { recursive: true });
    digests.set(path, await writeNoise(join(folder, path), index, sizeBytes));
  }
  await writeFile(join(folder, CHECKSUM_LIST), toChecksumList(digests));
  return digests;
}

async function writeNoise(path: string, index: number, sizeBytes: number): Promise<string> {
  const counter = Buffer.alloc(16);
  counter.writeUInt32BE(index);
  const cipher = createCipheriv("aes-128-ctr", Buffer.alloc(16), counter);
  const hash = createHash("sha256");
  const file = await open(path, "w");
  try {
    for (let left = sizeBytes; left > 0; left -= CHUNK_BYTES) {
      const chunk = cipher.update(Buffer.alloc(Math.min(left, CHUNK_BYTES)));
      hash.update(chunk);
      await file.write(chunk);
    }
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}

function toName(number: number): string {
  return number.toString().padStart(6, "0");
}
