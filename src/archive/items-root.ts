import { parseSha256, type Sha256Hex } from "../core/digest.ts";
import type { Collection } from "../core/sequence.ts";
import { CompactTree } from "../ledger/merkle/compact-tree.ts";
import { hashLeaf } from "../ledger/merkle/tree-hash.ts";

/**
 * A collection that keeps the Merkle root of what is added to it: one digest in the ledger then stands for all results of a
 * run. A leaf is an item's JSON as a report has it, without spaces.
 *
 * @see RFC 9162 section 2.1.1
 */
export class RootedCollection<T> implements Collection<T> {
  readonly #items: Collection<T>;
  readonly #tree = new CompactTree();

  constructor(items: Collection<T>) {
    this.#items = items;
  }

  get length(): number {
    return this.#items.length;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#items[Symbol.iterator]();
  }

  push(item: T): void {
    this.#tree.append(hashLeaf(Buffer.from(JSON.stringify(item))));
    this.#items.push(item);
  }

  /** Gives the root of all that was added so far. */
  root(): Sha256Hex {
    return parseSha256(this.#tree.root().toString("hex"));
  }
}
