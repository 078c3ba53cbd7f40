import { setTimeout as sleep } from "node:timers/promises";

/** How one item of a group ended. */
export type GroupOutcome = { readonly error: unknown } | undefined;

interface Waiting<T> {
  readonly item: T;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** When a group is big enough. */
export interface GroupOptions {
  readonly maxItems: number;
  /** How long the first of a group waits for company, where the group before had some. */
  readonly lingerMs: number;
}

/**
 * Works on items in groups: what comes in a short while, or while another group is worked on, forms the next. So a step
 * that costs as much for many as for one, such as bringing something to disk, is paid once for all that wait.
 */
export class Grouped<T> {
  readonly #work: (items: readonly T[]) => Promise<readonly GroupOutcome[]>;
  readonly #options: GroupOptions;
  #waiting: Waiting<T>[] = [];
  #isWorking = false;
  #lastSize = 0;

  /**
   * @param work - Settles with the outcome of each item, in order; when it rejects, all of them have failed so.
   */
  constructor(work: (items: readonly T[]) => Promise<readonly GroupOutcome[]>, options: GroupOptions) {
    this.#work = work;
    this.#options = options;
  }

  /**
   * Settles when the item's group has been worked on.
   *
   * @throws what `work` says of the item.
   */
  add(item: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#isWorking) void this.#workOff();
    });
  }

  async #workOff(): Promise<void> {
    this.#isWorking = true;
    while (this.#waiting.length > 0) {
      const { maxItems, lingerMs } = this.#options;
      // Who came alone the last time is likely to be alone again.
      if (this.#waiting.length < maxItems) await sleep(this.#lastSize > 1 ? lingerMs : 0);
      const group = this.#waiting.splice(0, maxItems);
      this.#lastSize = group.length;
      try {
        const outcomes = await this.#work(group.map(({ item }) => item));
        for (const [index, { resolve, reject }] of group.entries()) {
          const outcome = outcomes[index];
          if (outcome === undefined) resolve();
          else reject(outcome.error);
        }
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#isWorking = false;
  }
}
