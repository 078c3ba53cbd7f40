import type { ReadablePage } from "../schema.ts";

/** Asks for the page that begins at an offset. */
export type AskPage = (offset: number, signal: AbortSignal) => Promise<ReadablePage>;

/** Pages of one list, some of them asked for before they are needed: a page's way is longer than the reading of it. */
export class PagesAhead {
  readonly #ask: AskPage;
  readonly #asked = new Map<number, Promise<ReadablePage>>();
  #asking = new AbortController();

  constructor(ask: AskPage) {
    this.#ask = ask;
  }

  /**
   * Gives the page at an offset, and asks for those that will likely be wanted next.
   *
   * @param next - Their offsets.
   */
  take(offset: number, next: readonly number[]): Promise<ReadablePage> {
    const page = this.#begin(offset);
    next.forEach((each) => void this.#begin(each));
    this.#asked.delete(offset);
    return page;
  }

  /** Breaks off what was asked for and not taken, and waits until it is. */
  async drop(): Promise<void> {
    const dropped = [...this.#asked.values()];
    this.#asked.clear();
    this.#asking.abort();
    this.#asking = new AbortController();
    await Promise.allSettled(dropped);
  }

  #begin(offset: number): Promise<ReadablePage> {
    const page = this.#asked.get(offset) ?? this.#ask(offset, this.#asking.signal);
    // One that fails while nobody waits for it yet is told when it is taken.
    page.catch(() => undefined);
    this.#asked.set(offset, page);
    return page;
  }
}
