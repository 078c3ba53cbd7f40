import { EMPTY_ROOT, hashChildren } from "./tree-hash.ts";
import { toLevel } from "./tree-shape.ts";

/** Gives the hash that is stored at `index`, all 32 bytes of it, or throws. */
export type ReadHash = (index: number) => Buffer;

/** Counts the hashes that are stored of a tree with `size` leaves. */
export function countStored(size: number): number {
  let count = 0;
  for (let nodes = size; nodes > 0; nodes = Math.floor(nodes / 2)) count += nodes;
  return count;
}

/**
 * Says where the hash of node `n` of a level is stored; level 0 is that of the leaves. All complete subtrees are in one array
 * that only grows: behind each leaf stand those that it completes, from the lowest up.
 */
export function toStoredIndex(level: number, n: number): number {
  const lastLeaf = (n + 1) * 2 ** level - 1;
  return countStored(lastLeaf) + level;
}

/**
 * Gives, in the order in which they are stored, the hashes that leaf `seq` adds: its own, and those of the subtrees that it
 * completes.
 *
 * @param read - Is asked for hashes that earlier leaves have added.
 */
export function hashesToAppend(leafHash: Buffer, seq: number, read: ReadHash): Buffer[] {
  const hashes = [leafHash];
  let [hash, level] = [leafHash, 0];
  for (let n = seq; n % 2 === 1; n = (n - 1) / 2) {
    hash = hashChildren(read(toStoredIndex(level, n - 1)), hash);
    hashes.push(hash);
    level += 1;
  }
  return hashes;
}

/** Gives the root of the tree of the first `size` leaves. */
export function toRoot(size: number, read: ReadHash): Buffer {
  return size === 0 ? EMPTY_ROOT : toNodeHash(0, size, read);
}

/**
 * Gives the hash of the node that stands above the leaves from `begin` up to, but not including, `end`: MTH(D[begin:end])
 * of the RFC. As all that its definitions split off, the range begins at a multiple of a power of two that is not smaller than it.
 *
 * @see RFC 9162 section 2.1.1
 */
export function toNodeHash(begin: number, end: number, read: ReadHash): Buffer {
  const level = toLevel(end - begin);
  const width = 2 ** level;
  const left = read(toStoredIndex(level, begin / width));
  return begin + width === end ? left : hashChildren(left, toNodeHash(begin + width, end, read));
}
