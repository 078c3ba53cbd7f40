import { closeSync, openSync, readSync } from "node:fs";
import { toStorageError, toSystemCode } from "../io/errors.ts";
import type { ChangedSpan, SeenEvents } from "./judge-heads.ts";
import type { LedgerPaths } from "./ledger-paths.ts";
import { type ReadHash, toRoot, toStoredIndex } from "./merkle/stored-hashes.ts";
import { HASH_BYTES, hashLeaf } from "./merkle/tree-hash.ts";
import { readLedgerLines } from "./read-ledger-lines.ts";

/** The first event that is not the one that was signed, by the cache of hashes. */
export interface ChangedEvent {
  readonly seq: number;
  readonly byteOffset: number;
}

/**
 * Names the first event that differs from what the cache of hashes says, if the cache leads to the root that was signed.
 *
 * @returns undefined when the cache is of no use.
 */
export async function tryNameChangedEvent(
  { events, hashes }: LedgerPaths,
  { fromSize, claim }: ChangedSpan,
  seen: SeenEvents,
): Promise<ChangedEvent | undefined> {
  const { size, root } = claim.checkpoint;
  return withHashes(hashes, async (read) => {
    if (!toRoot(size, read).equals(root)) return undefined;
    let seq = fromSize;
    const startByte = fromSize === 0 ? 0 : (seen.waypoints.get(fromSize)?.endByte ?? 0);
    for await (const lines of readLedgerLines(events, { startByte, endByte: Number.POSITIVE_INFINITY })) {
      for (const { bytes, byteOffset } of lines) {
        if (seq >= size) return undefined;
        if (!hashLeaf(bytes).equals(read(toStoredIndex(0, seq)))) return { seq, byteOffset };
        seq += 1;
      }
    }
    return undefined;
  });
}

async function withHashes<T>(path: string, use: (read: ReadHash) => Promise<T>): Promise<T | undefined> {
  const file = tryOpen(path);
  if (file === undefined) return undefined;
  try {
    return await use((index) => {
      const hash = Buffer.alloc(HASH_BYTES);
      readSync(file, hash, 0, HASH_BYTES, index * HASH_BYTES);
      return hash;
    });
  } finally {
    closeSync(file);
  }
}

function tryOpen(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if (toSystemCode(error) === "ENOENT") return undefined;
    throw toStorageError(path, error);
  }
}
