import { ThreadPool } from "../../async/thread-pool.ts";
import { untilAborted } from "../../async/until-aborted.ts";
import { ByteThrottle } from "../../io/byte-throttle.ts";
import type { Look, Looker, LookRequest } from "./look.ts";
import type { LookTask, LookThreadSettings } from "./look-thread.ts";
import { type PackedLooks, unpackLooks } from "./packed-looks.ts";
import { StopFlag } from "./stop-flag.ts";

/** What a {@link ThreadedLooker} needs. */
export interface ThreadedLookerOptions {
  /** How many threads read at the same time: one where a head would have to move between them. */
  readonly readers: number;
  /** What all of them may read in a second, together; undefined for no bound. */
  readonly maxBytesPerSecond: number | undefined;
}

/** Looks at files in threads that do nothing else, each with one buffer and one open file at a time. */
export class ThreadedLooker implements Looker {
  readonly readers: number;
  /** Half a second's worth: what a batch has seen is noted when it ends, and is lost if the process is killed before. */
  readonly batchBytes: number | undefined;
  readonly #pool: ThreadPool<LookTask, PackedLooks>;
  readonly #running = new Map<StopFlag, Promise<unknown>>();

  constructor({ readers, maxBytesPerSecond }: ThreadedLookerOptions) {
    this.readers = readers;
    this.batchBytes = maxBytesPerSecond && Math.ceil(maxBytesPerSecond / readers / 2);
    const throttle = maxBytesPerSecond === undefined ? undefined : { maxBytesPerSecond, memory: ByteThrottle.share() };
    this.#pool = new ThreadPool({
      program: new URL("./look-thread.js", import.meta.url),
      threads: readers,
      settings: { throttle } satisfies LookThreadSettings,
      tasksAtOnce: 1,
    });
  }

  async look(requests: readonly LookRequest[], signal?: AbortSignal): Promise<readonly Look[]> {
    signal?.throwIfAborted();
    const stop = new StopFlag();
    const onAbort = () => stop.raise();
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      // One that waits for a disk says nothing for a while.
      const task = this.#pool.run({ requests, stop: stop.memory });
      const forget = () => this.#running.delete(stop);
      this.#running.set(stop, task.then(forget, forget));
      return unpackLooks(await untilAborted(task, signal), requests);
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  /** A thread that was told to stop may be loading what reads audio, and must not be ended before. */
  async close(): Promise<void> {
    for (const stop of this.#running.keys()) stop.raise();
    await Promise.all(this.#running.values());
    await this.#pool.close();
  }
}
