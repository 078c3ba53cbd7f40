import type { LedgerPaths } from "./ledger-paths.ts";
import { proveConsistency, verifyConsistency } from "./merkle/consistency-proof.ts";
import { proveInclusion, verifyInclusion } from "./merkle/inclusion-proof.ts";
import { countStored, hashesToAppend, toRoot } from "./merkle/stored-hashes.ts";
import { HASH_BYTES } from "./merkle/tree-hash.ts";
import { RecordFile } from "./record-file.ts";

const OFFSET_BYTES = 8;
/** Enough that a write is worth its call, and little enough to be held. */
const MAX_WAITING = 4096;

/** A tree's head, as far as it is computed. */
export interface TreeHead {
  readonly size: number;
  readonly root: Buffer;
}

/** An event's place, and the hash of its line. */
export interface Leaf {
  readonly seq: number;
  readonly leafHash: Buffer;
}

/**
 * The Merkle tree over a ledger's events, and where each event begins. The right edge of the tree, from which the root
 * follows, is in memory; all else is in two caches on disk, which are not trusted: every proof that is made of them is
 * verified against that root before it is given.
 */
export class LedgerIndex {
  readonly #hashes: RecordFile;
  readonly #offsets: RecordFile;
  /** The roots of the complete subtrees at the right edge, by their place among the stored hashes. */
  #edge = new Map<number, Buffer>();
  #size = 0;
  #waiting = 0;

  constructor({ hashes, offsets }: LedgerPaths) {
    this.#hashes = new RecordFile(hashes, HASH_BYTES);
    this.#offsets = new RecordFile(offsets, OFFSET_BYTES);
  }

  get size(): number {
    return this.#size;
  }

  root(): Buffer {
    return toRoot(this.#size, (index) => this.#edge.get(index) ?? fail(`hash ${index} is not at the edge`));
  }

  /**
   * Goes on from a head that is known to be right, with what the caches hold up to there.
   *
   * @returns false when they do not lead to its root; then nothing was changed.
   */
  resume({ size, root }: TreeHead): boolean {
    const edge = new Map<number, Buffer>();
    const found = toRoot(size, (index) => {
      const hash = this.#hashes.read(index);
      edge.set(index, hash);
      return hash;
    });
    if (!found.equals(root)) return false;
    this.#restart(size, edge);
    return true;
  }

  /** Forgets everything, to be grown anew. */
  clear(): void {
    this.#restart(0, new Map());
  }

  /**
   * Grows both caches anew, by what `grow` appends.
   *
   * @returns false when that does not lead to the same head, which then stays what it was.
   */
  async regrow(grow: () => Promise<void>): Promise<boolean> {
    const [size, edge, root] = [this.#size, this.#edge, this.root()];
    this.clear();
    const isSame = await grow()
      .then(() => this.#size === size && this.root().equals(root))
      .catch((error: unknown) => {
        this.#restart(size, edge);
        throw error;
      });
    if (!isSame) this.#restart(size, edge);
    return isSame;
  }

  append(leafHash: Buffer, byteOffset: number): void {
    const hashes = hashesToAppend(leafHash, this.#size, (index) => this.#takeFromEdge(index));
    for (const hash of hashes) this.#hashes.append(hash);
    const top = hashes.at(-1) ?? leafHash;
    this.#edge.set(countStored(this.#size) + hashes.length - 1, top);
    const offset = Buffer.alloc(OFFSET_BYTES);
    offset.writeBigUInt64LE(BigInt(byteOffset));
    this.#offsets.append(offset);
    this.#size += 1;
    this.#waiting += 1;
  }

  /** Says where an event begins, if the cache is right. */
  byteOffsetOf(seq: number): number {
    return Number(this.#offsets.read(seq).readBigUInt64LE());
  }

  /** Gives the root of the first events, or undefined when the caches are wrong. */
  rootAt(size: number): Buffer | undefined {
    if (size === this.#size) return this.root();
    const oldRoot = toRoot(size, this.#readHash);
    const proof = proveConsistency(size, this.#size, this.#readHash);
    const claim = { oldSize: size, newSize: this.#size, oldRoot, newRoot: this.root(), proof };
    return verifyConsistency(claim) ? oldRoot : undefined;
  }

  /** Proves that an event is among the first `size`, or gives undefined when the caches are wrong. */
  proveInclusion(seq: number, size: number, leafHash: Buffer): readonly Buffer[] | undefined {
    const root = this.rootAt(size);
    if (root === undefined) return undefined;
    const proof = proveInclusion(seq, size, this.#readHash);
    return verifyInclusion({ seq, size, leafHash, proof, root }) ? proof : undefined;
  }

  /** Proves that events are among the first `size`, in the order in which they are given; undefined when the caches are wrong. */
  proveLeaves(leaves: readonly Leaf[], size: number): readonly (readonly Buffer[])[] | undefined {
    const root = this.rootAt(size);
    if (root === undefined) return undefined;
    // Neighbours share most of the way.
    const known = new Map<number, Buffer>();
    const read = (index: number): Buffer => {
      const hash = known.get(index) ?? this.#hashes.read(index);
      known.set(index, hash);
      return hash;
    };
    const proofs: (readonly Buffer[])[] = [];
    for (const { seq, leafHash } of leaves) {
      const proof = proveInclusion(seq, size, read);
      if (!verifyInclusion({ seq, size, leafHash, proof, root })) return undefined;
      proofs.push(proof);
    }
    return proofs;
  }

  /** Proves that the first `newSize` events begin with the first `oldSize`, or gives undefined when the caches are wrong. */
  proveConsistency(oldSize: number, newSize: number): readonly Buffer[] | undefined {
    const [oldRoot, newRoot] = [this.rootAt(oldSize), this.rootAt(newSize)];
    if (oldRoot === undefined || newRoot === undefined) return undefined;
    const proof = proveConsistency(oldSize, newSize, this.#readHash);
    return verifyConsistency({ oldSize, newSize, oldRoot, newRoot, proof }) ? proof : undefined;
  }

  /**
   * Writes what waits, if it is much.
   *
   * @throws {StorageFullError} no space left.
   */
  relieve(): void {
    if (this.#waiting >= MAX_WAITING) this.flush();
  }

  /** @throws {StorageFullError} no space left. */
  flush(): void {
    this.#hashes.flush();
    this.#offsets.flush();
    this.#waiting = 0;
  }

  close(): void {
    this.#hashes.close();
    this.#offsets.close();
  }

  readonly #readHash = (index: number): Buffer => this.#hashes.read(index);

  #takeFromEdge(index: number): Buffer {
    const hash = this.#edge.get(index) ?? fail(`hash ${index} is not at the edge`);
    this.#edge.delete(index);
    return hash;
  }

  #restart(size: number, edge: Map<number, Buffer>): void {
    this.#edge = edge;
    this.#size = size;
    this.#waiting = 0;
    this.#hashes.resize(countStored(size));
    this.#offsets.resize(size);
  }
}

function fail(what: string): never {
  throw new Error(`internal error: ${what}`);
}
