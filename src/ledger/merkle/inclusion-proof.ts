import { type ReadHash, toNodeHash } from "./stored-hashes.ts";
import { HASH_BYTES, hashChildren } from "./tree-hash.ts";
import { isSize, toSiblingSides, toSplit } from "./tree-shape.ts";

/** What is said of a leaf: that it is number `seq` in the tree of `size` leaves that has this root. */
export interface InclusionClaim {
  readonly seq: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/**
 * Gives the hashes that lead from leaf `seq` to the root of the tree of the first `size` leaves, lowest first.
 *
 * @see RFC 9162 section 2.1.3.1
 */
export function proveInclusion(seq: number, size: number, read: ReadHash): Buffer[] {
  if (!isSize(seq) || !(seq < size)) throw new Error(`internal error: no leaf ${seq} in a tree of ${size}`);
  const proof: Buffer[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const split = begin + toSplit(end - begin);
    if (seq < split) {
      proof.push(toNodeHash(split, end, read));
      end = split;
    } else {
      proof.push(toNodeHash(begin, split, read));
      begin = split;
    }
  }
  return proof.reverse();
}

/**
 * Tells whether the proof leads from the leaf to the root. Any nonsense is answered with false. Of the size it proves nothing:
 * that must come with the root, from a checkpoint that is trusted.
 *
 * @see RFC 9162 section 2.1.3.2
 */
export function verifyInclusion({ seq, size, leafHash, proof, root }: InclusionClaim): boolean {
  if (!isSize(seq) || !isSize(size) || seq >= size) return false;
  const sides = toSiblingSides(seq, size - 1);
  if (proof.length !== sides.length || [leafHash, ...proof].some((hash) => hash.length !== HASH_BYTES)) return false;
  const reached = proof.reduce(
    (hash, sibling, index) => (sides[index] === "left" ? hashChildren(sibling, hash) : hashChildren(hash, sibling)),
    leafHash,
  );
  return Buffer.compare(reached, root) === 0;
}
