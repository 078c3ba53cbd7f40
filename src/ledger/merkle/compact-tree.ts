import { EMPTY_ROOT, hashChildren } from "./tree-hash.ts";

/**
 * A tree of which only the right edge is in memory: enough to go on adding leaves and to tell the root.
 *
 * @see RFC 9162 section 2.1.2
 */
export class CompactTree {
  /** The roots of the complete subtrees that the leaves form, largest and leftmost first. */
  readonly #edge: Buffer[] = [];
  #size = 0;

  /** How many leaves there are. */
  get size(): number {
    return this.#size;
  }

  /** Adds a leaf by its hash, of which it keeps a copy. */
  append(leafHash: Uint8Array): void {
    let hash: Buffer = Buffer.from(leafHash);
    for (let left = this.#size; left % 2 === 1; left = (left - 1) / 2) hash = hashChildren(this.#popEdge(), hash);
    this.#edge.push(hash);
    this.#size += 1;
  }

  /** Gives the root of the tree of all leaves so far. */
  root(): Buffer {
    return this.#size === 0 ? EMPTY_ROOT : this.#edge.reduceRight((right, left) => hashChildren(left, right));
  }

  #popEdge(): Buffer {
    const hash = this.#edge.pop();
    if (hash === undefined) throw new Error(`internal error: a tree of ${this.#size} leaves has lost its edge`);
    return hash;
  }
}
