import { createHash } from "node:crypto";
import type { ConsistencyClaim } from "../../../../src/ledger/merkle/consistency-proof.ts";
import type { InclusionClaim } from "../../../../src/ledger/merkle/inclusion-proof.ts";

function sha256(...parts: readonly Uint8Array[]): Buffer {
  return createHash("sha256").update(Buffer.concat(parts)).digest();
}

/** The definitions of RFC 9162 sections 2.1.1, 2.1.3 and 2.1.4, letter by letter, over entries in memory. */
export class NaiveTree {
  readonly #entries: readonly Uint8Array[];
  readonly #known = new Map<string, Buffer>();

  constructor(entries: readonly Uint8Array[]) {
    this.#entries = entries;
  }

  /** MTH(D[begin:end]). */
  mth(begin: number, end: number): Buffer {
    const name = `${begin}:${end}`;
    const hash = this.#known.get(name) ?? this.#mth(begin, end);
    this.#known.set(name, hash);
    return hash;
  }

  #mth(begin: number, end: number): Buffer {
    if (begin === end) return sha256();
    if (end - begin === 1) return sha256(Buffer.of(0x00), this.#entries[begin] ?? Buffer.of());
    const k = largestPowerBelow(end - begin);
    return sha256(Buffer.of(0x01), this.mth(begin, begin + k), this.mth(begin + k, end));
  }

  /** PATH(m, D[begin:end]). */
  path(m: number, begin: number, end: number): Buffer[] {
    const n = end - begin;
    if (n === 1) return [];
    const k = largestPowerBelow(n);
    return m < k
      ? [...this.path(m, begin, begin + k), this.mth(begin + k, end)]
      : [...this.path(m - k, begin + k, end), this.mth(begin, begin + k)];
  }

  /** PROOF(m, D[0:n]), which is defined for 0 < m < n. */
  proof(m: number, n: number): Buffer[] {
    return this.#subproof({ m, begin: 0, end: n, b: true });
  }

  #subproof({ m, begin, end, b }: { m: number; begin: number; end: number; b: boolean }): Buffer[] {
    const n = end - begin;
    if (m === n) return b ? [] : [this.mth(begin, end)];
    const k = largestPowerBelow(n);
    return m <= k
      ? [...this.#subproof({ m, begin, end: begin + k, b }), this.mth(begin + k, end)]
      : [...this.#subproof({ m: m - k, begin: begin + k, end, b: false }), this.mth(begin, begin + k)];
  }
}

function largestPowerBelow(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** The numbered steps of RFC 9162 section 2.1.3.2. */
export function followsFromPath(claim: InclusionClaim): boolean {
  const { seq, size, leafHash, proof, root } = claim;
  if (seq >= size) return false;
  let [fn, sn, r] = [seq, size - 1, leafHash];
  for (const p of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      r = sha256(Buffer.of(0x01), p, r);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1];
    } else r = sha256(Buffer.of(0x01), r, p);
    [fn, sn] = [fn >> 1, sn >> 1];
  }
  return sn === 0 && Buffer.compare(r, root) === 0;
}

/** The numbered steps of RFC 9162 section 2.1.4.2. */
export function followsFromProof(claim: ConsistencyClaim): boolean {
  const { oldSize: first, newSize: second, oldRoot, newRoot, proof } = claim;
  const path = Number.isInteger(Math.log2(first)) ? [oldRoot, ...proof] : [...proof];
  let [fn, sn] = [first - 1, second - 1];
  while (fn % 2 === 1) [fn, sn] = [fn >> 1, sn >> 1];
  const c0 = path.shift();
  if (c0 === undefined || proof.length === 0) return false;
  let [fr, sr] = [c0, c0];
  for (const c of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      [fr, sr] = [sha256(Buffer.of(0x01), c, fr), sha256(Buffer.of(0x01), c, sr)];
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1];
    } else sr = sha256(Buffer.of(0x01), sr, c);
    [fn, sn] = [fn >> 1, sn >> 1];
  }
  return Buffer.compare(fr, oldRoot) === 0 && Buffer.compare(sr, newRoot) === 0 && sn === 0;
}
