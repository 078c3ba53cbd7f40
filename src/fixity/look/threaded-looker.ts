import { Piscina } from "piscina";
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
  readonly #pool: Piscina<LookTask, PackedLooks>;
  #broken: { readonly error: unknown } | undefined;

  constructor({ readers, maxBytesPerSecond }: ThreadedLookerOptions) {
    this.readers = readers;
    const throttle = maxBytesPerSecond === undefined ? undefined : { maxBytesPerSecond, memory: ByteThrottle.share() };
    this.#pool = new Piscina({
      filename: new URL("./look-thread.js", import.meta.url).href,
      minThreads: readers,
      maxThreads: readers,
      workerData: { throttle } satisfies LookThreadSettings,
    });
    // A thread that ends without having been asked is a bug; whoever comes next is told.
    this.#pool.on("error", (error: unknown) => {
      this.#broken = { error };
    });
  }

  async look(requests: readonly LookRequest[], signal?: AbortSignal): Promise<readonly Look[]> {
    signal?.throwIfAborted();
    if (this.#broken !== undefined) throw this.#broken.error;
    const stop = new StopFlag();
    const onAbort = () => stop.raise();
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      // Given the signal, piscina would end the thread; and one that waits for a disk says nothing for a while.
      const packed = await untilAborted(this.#pool.run({ requests, stop: stop.memory }), signal);
      return unpackLooks(packed, requests);
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
