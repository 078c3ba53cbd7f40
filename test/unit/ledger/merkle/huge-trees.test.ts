import { expect, it } from "vitest";
import { proveConsistency, verifyConsistency } from "../../../../src/ledger/merkle/consistency-proof.ts";
import { proveInclusion, verifyInclusion } from "../../../../src/ledger/merkle/inclusion-proof.ts";
import { countStored, hashesToAppend, toRoot, toStoredIndex } from "../../../../src/ledger/merkle/stored-hashes.ts";
import { hashChildren, hashLeaf } from "../../../../src/ledger/merkle/tree-hash.ts";

// Where all entries are the same, so are all nodes of a level, and no tree is too large for a test.
const leafHash = hashLeaf(Buffer.of());
const levels = [leafHash];
for (let level = 0; level < 50; level += 1) levels.push(hashChildren(at(level), at(level)));

function at(level: number): Buffer {
  const hash = levels[level];
  if (hash === undefined) throw new Error(`no level ${level}`);
  return hash;
}

/** Finds the leaf behind which `index` stands, and so the level of what stands there. */
function read(index: number): Buffer {
  let [low, high] = [0, index + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (countStored(middle) <= index) low = middle;
    else high = middle;
  }
  return at(index - countStored(low));
}

/** MTH of `size` equal entries. */
function toNaiveRoot(size: number): Buffer {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return size === 1 ? leafHash : hashChildren(at(Math.log2(k)), toNaiveRoot(size - k));
}

const SIZES = [2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 5, 2 ** 40 + 12_345];

it.each(SIZES)("proves leaves of a tree of %i", (size) => {
  const root = toNaiveRoot(size);
  expect(toRoot(size, read)).toEqual(root);
  for (const seq of [0, 1, 2 ** 30 + 3, size - 2, size - 1]) {
    const claim = { seq, size, leafHash, proof: proveInclusion(seq, size, read), root };
    expect(verifyInclusion(claim)).toBe(true);
    expect(verifyInclusion({ ...claim, proof: claim.proof.toSpliced(0, 1) })).toBe(false);
  }
});

it.each(SIZES)("proves that a tree of %i extends others", (newSize) => {
  const newRoot = toNaiveRoot(newSize);
  for (const oldSize of [1, 2 ** 30, 2 ** 30 + 3, 2 ** 31 - 2, newSize - 1]) {
    const proof = proveConsistency(oldSize, newSize, read);
    const claim = { oldSize, newSize, oldRoot: toNaiveRoot(oldSize), newRoot, proof };
    expect(verifyConsistency(claim)).toBe(true);
    expect(verifyConsistency({ ...claim, oldRoot: leafHash })).toBe(oldSize === 1);
  }
});

it.each(SIZES)("adds the leaf behind %i where the index says", (size) => {
  const hashes = hashesToAppend(leafHash, size, read);
  expect(hashes).toEqual(levels.slice(0, hashes.length));
  expect(toStoredIndex(0, size)).toBe(countStored(size));
  expect(countStored(size + 1)).toBe(countStored(size) + hashes.length);
});
