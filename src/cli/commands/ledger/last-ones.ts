import type { Collection } from "../../../core/sequence.ts";

/** Keeps the last things that were added, and no more than so many. */
export class LastOnes<T> implements Collection<T> {
  readonly #most: number;
  #items: T[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get length(): number {
    return Math.min(this.#items.length, this.#most);
  }

  push(item: T): void {
    this.#items.push(item);
    // Now and then, for what is in front of an array is slow to remove.
    if (this.#items.length >= 2 * this.#most + 1000) this.#items = this.#items.slice(-this.#most);
  }

  /** As a spool is closed; there is nothing to let go of. */
  close(): void {}

  *[Symbol.iterator](): Generator<T, void, undefined> {
    yield* this.#items.slice(-this.#most);
  }
}
