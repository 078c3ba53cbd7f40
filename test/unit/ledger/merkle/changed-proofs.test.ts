import fc from "fast-check";
import { expect, it } from "vitest";
import { type ConsistencyClaim, verifyConsistency } from "../../../../src/ledger/merkle/consistency-proof.ts";
import { type InclusionClaim, verifyInclusion } from "../../../../src/ledger/merkle/inclusion-proof.ts";
import { EMPTY_ROOT, hashLeaf } from "../../../../src/ledger/merkle/tree-hash.ts";
import { followsFromPath, followsFromProof } from "./naive-tree.ts";
import { claimConsistency, claimInclusion, naive, sizes } from "./tried-tree.ts";

const OTHERS = [...sizes(0, 40)];

/** All proofs that differ from one a little: a bit, one hash less, one more, two exchanged. */
function* spoil(proof: readonly Uint8Array[]): Generator<Uint8Array[]> {
  const more = Buffer.alloc(32, 7);
  for (const [index, hash] of proof.entries()) {
    const flipped = Buffer.from(hash);
    flipped.writeUInt8(flipped.readUInt8(index % 32) ^ (1 << (index % 8)), index % 32);
    yield proof.with(index, flipped);
    yield proof.toSpliced(index, 1);
    yield proof.toSpliced(index, 0, more);
    yield proof.toSpliced(index, 0, hash);
    yield proof.with(index, hash.subarray(0, 31));
    yield proof.with(index, Buffer.concat([hash, Buffer.of(0)]));
    const next = proof[index + 1];
    if (next !== undefined) yield proof.with(index, next).with(index + 1, hash);
  }
  yield [...proof, more];
  yield [...proof, Buffer.of()];
  yield Array.from({ length: 1000 }, () => more);
}

/** Claims that are not true, one step from one that is. */
function* spoilInclusion(claim: InclusionClaim): Generator<InclusionClaim> {
  for (const proof of spoil(claim.proof)) yield { ...claim, proof };
  for (const seq of OTHERS.filter((other) => other !== claim.seq)) yield { ...claim, seq };
  for (const size of OTHERS.filter((other) => other !== claim.size)) yield { ...claim, size, root: naive.mth(0, size) };
  yield { ...claim, leafHash: hashLeaf(Buffer.from("other")) };
}

function* spoilConsistency(claim: ConsistencyClaim): Generator<ConsistencyClaim> {
  for (const proof of spoil(claim.proof)) yield { ...claim, proof };
  for (const oldSize of OTHERS.filter((other) => other !== claim.oldSize)) {
    const oldRoot = naive.mth(0, oldSize);
    yield { ...claim, oldSize, oldRoot };
    yield { ...claim, oldRoot };
  }
  for (const newSize of OTHERS.filter((other) => other !== claim.newSize)) {
    const newRoot = naive.mth(0, newSize);
    yield { ...claim, newSize, newRoot };
    yield { ...claim, newRoot };
  }
}

it("refuses a path that was changed in any way", () => {
  const taken: InclusionClaim[] = [];
  for (const size of sizes(1, 20)) {
    for (const seq of sizes(0, size - 1)) {
      for (const claim of spoilInclusion(claimInclusion(seq, size))) if (verifyInclusion(claim)) taken.push(claim);
    }
  }
  expect(taken).toEqual([]);
});

it("refuses a proof of consistency that was changed in any way", () => {
  const taken: ConsistencyClaim[] = [];
  for (const newSize of sizes(2, 20)) {
    for (const oldSize of sizes(1, newSize - 1)) {
      const claims = spoilConsistency(claimConsistency(oldSize, newSize));
      for (const claim of claims) if (verifyConsistency(claim)) taken.push(claim);
    }
  }
  expect(taken).toEqual([]);
});

it("takes a path for another size just where the steps of the RFC do", () => {
  const answers = { ours: "", theirs: "" };
  for (const seq of sizes(0, 12)) {
    for (const size of sizes(seq + 1, 20)) {
      const claim = claimInclusion(seq, size);
      for (const other of sizes(0, 40)) {
        answers.ours += verifyInclusion({ ...claim, size: other }) ? "1" : "0";
        answers.theirs += followsFromPath({ ...claim, size: other }) ? "1" : "0";
      }
    }
  }
  expect(answers.ours).toBe(answers.theirs);
  expect(verifyInclusion({ ...claimInclusion(0, 3), size: 4 })).toBe(true);
});

it("takes a proof of consistency for other sizes just where the steps of the RFC do", () => {
  const answers = { ours: "", theirs: "" };
  for (const newSize of sizes(2, 12)) {
    for (const oldSize of sizes(1, newSize - 1)) {
      const claim = claimConsistency(oldSize, newSize);
      for (const other of sizes(1, 24)) {
        for (const more of sizes(1, 5)) {
          const sizesClaimed = { oldSize: other, newSize: other + more };
          answers.ours += verifyConsistency({ ...claim, ...sizesClaimed }) ? "1" : "0";
          answers.theirs += followsFromProof({ ...claim, ...sizesClaimed }) ? "1" : "0";
        }
      }
    }
  }
  expect(answers.ours).toBe(answers.theirs);
  expect(verifyConsistency({ ...claimConsistency(1, 3), newSize: 4 })).toBe(true);
});

it("asks nothing but equal roots of equal sizes, and the empty root of no leaves", () => {
  const [oldRoot, newRoot] = [naive.mth(0, 4), naive.mth(0, 5)];
  const same = { oldSize: 5, newSize: 5, oldRoot: newRoot, newRoot, proof: [] };
  expect(verifyConsistency(same)).toBe(true);
  expect(verifyConsistency({ ...same, oldRoot })).toBe(false);
  expect(verifyConsistency({ ...same, proof: [newRoot] })).toBe(false);
  const fromNothing = { oldSize: 0, newSize: 5, oldRoot: EMPTY_ROOT, newRoot, proof: [] };
  expect(verifyConsistency(fromNothing)).toBe(true);
  expect(verifyConsistency({ ...fromNothing, oldRoot })).toBe(false);
  expect(verifyConsistency({ ...fromNothing, proof: [newRoot] })).toBe(false);
  expect(verifyConsistency({ ...fromNothing, newSize: 0 })).toBe(false);
  expect(verifyConsistency({ ...fromNothing, newSize: 0, newRoot: EMPTY_ROOT })).toBe(true);
  expect(verifyConsistency({ ...fromNothing, newSize: 0, oldRoot: newRoot })).toBe(false);
});

it("answers nonsense with false and never throws", () => {
  const number = fc.oneof(fc.integer(), fc.double(), fc.maxSafeInteger(), fc.nat(10));
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 32, maxLength: 32 }));
  const proof = fc.array(bytes, { maxLength: 60 });
  fc.assert(
    fc.property(number, number, bytes, bytes, proof, (a, b, hash, root, proof) => {
      fc.pre(Buffer.compare(hash, root) !== 0);
      expect(verifyInclusion({ seq: a, size: b, leafHash: hash, proof, root })).toBe(false);
      expect(verifyConsistency({ oldSize: a, newSize: b, oldRoot: hash, newRoot: root, proof })).toBe(false);
    }),
  );
});

it("takes no sizes but whole ones, and no hashes but of 32 bytes", () => {
  const [short, root] = [Buffer.alloc(31), naive.mth(0, 1)];
  const leaf = { seq: 0, size: 1, leafHash: root, proof: [], root };
  const trees = { oldSize: 1, newSize: 1, oldRoot: root, newRoot: root, proof: [] };
  expect([verifyInclusion(leaf), verifyConsistency(trees)]).toEqual([true, true]);
  expect(verifyInclusion({ ...leaf, leafHash: short, root: short })).toBe(false);
  expect(verifyConsistency({ ...trees, oldRoot: short, newRoot: short })).toBe(false);
  expect([verifyInclusion({ ...leaf, seq: 1 }), verifyInclusion({ ...leaf, size: 0 })]).toEqual([false, false]);
  for (const size of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    expect(verifyInclusion({ ...leaf, seq: size, size: 1 })).toBe(false);
    expect(verifyInclusion({ ...leaf, size })).toBe(false);
    expect(verifyConsistency({ ...trees, oldSize: size, newSize: size })).toBe(false);
  }
  expect(verifyConsistency({ ...trees, oldSize: 2 })).toBe(false);
});
