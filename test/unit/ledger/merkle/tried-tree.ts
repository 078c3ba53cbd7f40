import { type ConsistencyClaim, proveConsistency } from "../../../../src/ledger/merkle/consistency-proof.ts";
import { type InclusionClaim, proveInclusion } from "../../../../src/ledger/merkle/inclusion-proof.ts";
import { toRoot } from "../../../../src/ledger/merkle/stored-hashes.ts";
import { hashLeaf } from "../../../../src/ledger/merkle/tree-hash.ts";
import { NaiveTree } from "./naive-tree.ts";
import { storeTree } from "./stored-tree.ts";

/** How many leaves the tree has that the tests of proofs try things on: enough for every shape of its right edge. */
export const MAX_SIZE = 130;

const entries = Array.from({ length: MAX_SIZE }, (_, n) => Buffer.from(`entry ${n}`));
export const leafHashes = entries.map((entry) => hashLeaf(entry));
export const naive = new NaiveTree(entries);
export const { stored, read } = storeTree(entries);

export function* sizes(from: number, to: number): Generator<number> {
  for (let size = from; size <= to; size += 1) yield size;
}

/** A claim about a leaf, with its proof, that is true. */
export function claimInclusion(seq: number, size: number): InclusionClaim {
  const leafHash = leafHashes[seq] ?? Buffer.of();
  return { seq, size, leafHash, proof: proveInclusion(seq, size, read), root: toRoot(size, read) };
}

/** A claim about two sizes, with its proof, that is true. */
export function claimConsistency(oldSize: number, newSize: number): ConsistencyClaim {
  const roots = { oldRoot: toRoot(oldSize, read), newRoot: toRoot(newSize, read) };
  return { oldSize, newSize, ...roots, proof: proveConsistency(oldSize, newSize, read) };
}
