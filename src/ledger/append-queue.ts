/**
 * Puts what is appended while a batch is being written into the next batch, and keeps batches and other work on the same
 * thing from running at the same time.
 */
export class AppendQueue<T> {
  readonly #write: (items: readonly T[]) => Promise<number>;
  #waiting: T[] = [];
  /** The batch that takes further items; it begins when what came before has ended. */
  #next: Promise<number> | undefined;
  #settled: Promise<unknown> = Promise.resolve();

  /** @param write - Resolves with the number of the first item when all of them are written. */
  constructor(write: (items: readonly T[]) => Promise<number>) {
    this.#write = write;
  }

  /**
   * Resolves with the number of the first of the items when they are written, one behind the other, in the order of the calls.
   *
   * @throws what `write` throws for the batch.
   */
  async append(items: readonly T[]): Promise<number> {
    const place = this.#waiting.length;
    for (const item of items) this.#waiting.push(item);
    this.#next ??= this.exclusively(() => this.#writeBatch());
    return (await this.#next) + place;
  }

  /** Does something when all that came before has ended, and before anything that comes later. */
  exclusively<R>(work: () => Promise<R>): Promise<R> {
    const result = this.#settled.then(work);
    this.#settled = result.catch(() => undefined); // Whoever called is told.
    return result;
  }

  #writeBatch(): Promise<number> {
    const items = this.#waiting;
    this.#waiting = [];
    this.#next = undefined;
    return this.#write(items);
  }
}
