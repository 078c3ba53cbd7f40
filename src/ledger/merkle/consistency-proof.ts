import { type ReadHash, toNodeHash } from "./stored-hashes.ts";
import { EMPTY_ROOT, HASH_BYTES, hashChildren } from "./tree-hash.ts";
import { isSize, toSiblingSides, toSplit } from "./tree-shape.ts";

/** What is said of two trees: that the one of `newSize` leaves begins with all leaves of the one of `oldSize`. */
export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly newSize: number;
  readonly oldRoot: Uint8Array;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * Gives the hashes from which both roots follow, lowest first. Of a tree that is empty or the same there is nothing to
 * prove, and none is given.
 *
 * @see RFC 9162 section 2.1.4.1
 */
export function proveConsistency(oldSize: number, newSize: number, read: ReadHash): Buffer[] {
  if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize) {
    throw new Error(`internal error: a tree of ${newSize} leaves does not extend one of ${oldSize}`);
  }
  if (oldSize === 0) return [];
  const proof: Buffer[] = [];
  let [begin, end] = [0, newSize];
  while (end !== oldSize) {
    const split = begin + toSplit(end - begin);
    if (oldSize <= split) {
      proof.push(toNodeHash(split, end, read));
      end = split;
    } else {
      proof.push(toNodeHash(begin, split, read));
      begin = split;
    }
  }
  // From the beginning on, it is the old root, which the verifier has.
  if (begin > 0) proof.push(toNodeHash(begin, end, read));
  return proof.reverse();
}

/**
 * Tells whether the proof shows that the new tree extends the old one. Any nonsense is answered with false. Of the sizes it
 * proves nothing: they must come with the roots, from checkpoints that are trusted.
 *
 * The RFC leaves out trees of the same size and those without leaves: they need no proof, but the same root or {@link EMPTY_ROOT}.
 *
 * @see RFC 9162 section 2.1.4.2
 */
export function verifyConsistency({ oldSize, newSize, oldRoot, newRoot, proof }: ConsistencyClaim): boolean {
  if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize) return false;
  if ([oldRoot, newRoot, ...proof].some((hash) => hash.length !== HASH_BYTES)) return false;
  if (oldSize === 0 && !isSame(oldRoot, EMPTY_ROOT)) return false;
  if (oldSize === newSize) return proof.length === 0 && isSame(oldRoot, newRoot);
  if (oldSize === 0) return proof.length === 0;
  return leadsToBoth({ oldSize, newSize, oldRoot, newRoot, proof });
}

function leadsToBoth({ oldSize, newSize, oldRoot, newRoot, proof }: ConsistencyClaim): boolean {
  // The way begins at the largest subtree that ends where the old tree ends; both have it as a node.
  let [node, last] = [oldSize - 1, newSize - 1];
  while (node % 2 === 1) [node, last] = [(node - 1) / 2, Math.floor(last / 2)];
  const [start, ...siblings] = node === 0 ? [oldRoot, ...proof] : proof;
  const sides = toSiblingSides(node, last);
  if (start === undefined || siblings.length !== sides.length) return false;
  let [reachedOld, reachedNew] = [start, start];
  for (const [index, sibling] of siblings.entries()) {
    if (sides[index] === "left") {
      reachedOld = hashChildren(sibling, reachedOld);
      reachedNew = hashChildren(sibling, reachedNew);
    } else reachedNew = hashChildren(reachedNew, sibling);
  }
  return isSame(reachedOld, oldRoot) && isSame(reachedNew, newRoot);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
