import pLimit from "p-limit";

/** How many more items than are worked on may wait in the queue: enough that no worker ever waits for the iterator. */
const QUEUE_FACTOR = 2;

/** Bounds of {@link forEachBounded}. */
export interface BoundedOptions {
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls `work` for every item, at most `concurrency` at a time, taking items from the iterator only as they are
 * needed: memory does not grow with their number.
 *
 * When `work` or the iterator throws, or `signal` aborts, no further item is begun, those under way are waited for, and the
 * first error is thrown.
 */
export async function forEachBounded<T>(
  items: Iterable<T> | AsyncIterable<T>,
  work: (item: T) => Promise<void>,
  { concurrency, signal }: BoundedOptions,
): Promise<void> {
  const limit = pLimit(concurrency);
  const running = new Set<Promise<void>>();
  let failed: { error: unknown } | undefined;
  const fail = (error: unknown) => {
    failed ??= { error };
  };
  // A failure must be known before the limit lets the next item begin.
  const workOnce = async (item: T) => {
    if (failed === undefined && !signal?.aborted) await work(item).catch(fail);
  };
  try {
    for await (const item of items) {
      if (failed !== undefined || signal?.aborted) break;
      const task = limit(workOnce, item).finally(() => running.delete(task));
      running.add(task);
      if (running.size >= concurrency * QUEUE_FACTOR) await Promise.race(running);
    }
  } catch (error) {
    fail(error);
  }
  await Promise.all(running);
  signal?.throwIfAborted();
  if (failed !== undefined) throw failed.error;
}
