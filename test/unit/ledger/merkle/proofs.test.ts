import { expect, it } from "vitest";
import { CompactTree } from "../../../../src/ledger/merkle/compact-tree.ts";
import { proveConsistency, verifyConsistency } from "../../../../src/ledger/merkle/consistency-proof.ts";
import { proveInclusion, verifyInclusion } from "../../../../src/ledger/merkle/inclusion-proof.ts";
import { countStored, toRoot } from "../../../../src/ledger/merkle/stored-hashes.ts";
import { claimConsistency, claimInclusion, leafHashes, MAX_SIZE, naive, read, sizes, stored } from "./tried-tree.ts";

function isSame(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && Buffer.concat(a).equals(Buffer.concat(b));
}

it("has the roots and the paths that the definitions say, for every leaf of every size", () => {
  const tree = new CompactTree();
  const wrong: string[] = [];
  for (const size of sizes(1, MAX_SIZE)) {
    tree.append(leafHashes[size - 1] ?? Buffer.of());
    const root = naive.mth(0, size);
    if (tree.size !== size || !isSame([tree.root(), toRoot(size, read)], [root, root])) wrong.push(`root of ${size}`);
    for (const seq of sizes(0, size - 1)) {
      const claim = claimInclusion(seq, size);
      const isRight = isSame(claim.proof, naive.path(seq, 0, size)) && verifyInclusion(claim);
      if (!isRight) wrong.push(`leaf ${seq} of ${size}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(stored).toHaveLength(countStored(MAX_SIZE));
});

it("has the proofs that the definitions say, for every two sizes", () => {
  const wrong: string[] = [];
  for (const newSize of sizes(1, MAX_SIZE)) {
    for (const oldSize of sizes(1, newSize - 1)) {
      const claim = claimConsistency(oldSize, newSize);
      const isRight = isSame(claim.proof, naive.proof(oldSize, newSize)) && verifyConsistency(claim);
      if (!isRight) wrong.push(`${oldSize} to ${newSize}`);
    }
  }
  expect(wrong).toEqual([]);
});

it("needs no proof that a tree extends the empty one", () => {
  expect(proveConsistency(0, 5, read)).toEqual([]);
  expect(proveConsistency(0, 0, read)).toEqual([]);
});

it("keeps its own copy of a leaf's hash", () => {
  const tree = new CompactTree();
  const hash = Buffer.from(leafHashes[0] ?? "");
  tree.append(hash);
  hash.fill(0);
  expect(tree.root()).toEqual(leafHashes[0]);
});

it.each([
  [0, 0],
  [5, 5],
  [-1, 5],
  [0.5, 5],
])("makes no path for leaf %d of %i", (seq, size) => {
  expect(() => proveInclusion(seq, size, read)).toThrow("internal error");
});

it.each([
  [6, 5],
  [-1, 5],
  [0.5, 5],
])("makes no proof from a tree of %d to one of %i", (oldSize, newSize) => {
  expect(() => proveConsistency(oldSize, newSize, read)).toThrow("internal error");
});
