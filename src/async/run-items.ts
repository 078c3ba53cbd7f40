import type { RunEnding } from "../core/report.ts";
import type { Ended, LargeRunLog, RunOptions } from "../core/run-log.ts";
import { isStorageFull } from "../io/errors.ts";
import { forEachBounded } from "./for-each-bounded.ts";

/** How the items of a run are worked on. */
export interface ItemWork<I, R> {
  /** Works on one item and tells how each of its things ended; one that met a full disk is told as such. */
  readonly work: (item: I) => Promise<readonly Ended<R>[]>;
  /** Tells what an item is in the report when `work` threw. */
  readonly toFailed: (item: I, error: unknown) => readonly Ended<R>[];
}

/**
 * Works on all items, several at a time, and logs how they ended. One that throws is a failure and stops nothing
 * else, but for two cases: a full disk stops the run, and so does `signal`. What is under way then is rolled back
 * by `work` itself and appears in the log only if it ended.
 *
 * @throws a bug, which is anything that is no HoldfastError.
 */
export async function runItems<I, R>(
  items: Iterable<I> | AsyncIterable<I>,
  { work, toFailed }: ItemWork<I, R>,
  { log, concurrency, signal }: Pick<RunOptions, "concurrency" | "signal"> & { readonly log: LargeRunLog<R> },
): Promise<RunEnding> {
  let full: unknown;
  const attempt = async (item: I) => {
    try {
      return await work(item);
    } catch (error) {
      signal?.throwIfAborted();
      return toFailed(item, error);
    }
  };
  const workOn = async (item: I) => {
    for (const ended of await attempt(item)) {
      const isFull = ended.type === "failed" && isStorageFull(ended.error);
      // What meets the full disk side by side is one failure.
      if (isFull) full ??= ended.error;
      log.ended(isFull ? { ...ended, error: full } : ended);
    }
    if (full !== undefined) throw full;
  };
  try {
    await forEachBounded(items, workOn, { concurrency, signal });
    return "completed";
  } catch (error) {
    if (signal?.aborted) return "cancelled";
    if (isStorageFull(error)) return "stopped";
    throw error;
  }
}
