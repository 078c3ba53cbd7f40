import { forEachBounded } from "../../async/for-each-bounded.ts";
import { ThreadPool } from "../../async/thread-pool.ts";
import { CarriedError } from "../../core/errors.ts";
import { inGroups } from "../../core/in-groups.ts";
import type { Copied, Copier, CopyRequest } from "./copier.ts";
import type { CopyAnswer, CopyTask } from "./copy-thread.ts";

/** Enough for one trip to a thread to be worth it. */
const SETTLED_AT_ONCE = 256;

/** Copies files in threads that do nothing else. */
export class ThreadedCopier implements Copier {
  readonly threads: number;
  readonly #pool: ThreadPool<CopyTask, CopyAnswer>;
  /** One word for all: whoever stops one stops the export. */
  readonly #stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #running = new Set<Promise<unknown>>();

  constructor(threads: number) {
    this.threads = threads;
    this.#pool = new ThreadPool({
      program: new URL("./copy-thread.js", import.meta.url),
      threads,
      settings: undefined,
      tasksAtOnce: 1,
    });
  }

  copy(requests: readonly CopyRequest[], signal?: AbortSignal): Promise<readonly Copied[]> {
    return this.#run({ requests, settled: [], stop: this.#stop }, signal);
  }

  async settle(paths: Iterable<string>, signal?: AbortSignal): Promise<void> {
    const settle = async (settled: readonly string[]) => {
      await this.#run({ requests: [], settled, stop: this.#stop }, signal);
    };
    await forEachBounded(inGroups(paths, SETTLED_AT_ONCE), settle, { concurrency: this.threads, signal });
  }

  async #run(work: CopyTask, signal: AbortSignal | undefined): Promise<readonly Copied[]> {
    signal?.throwIfAborted();
    const onAbort = () => Atomics.store(this.#stop, 0, 1);
    signal?.addEventListener("abort", onAbort, { once: true });
    const task = this.#pool.run(work);
    this.#running.add(task);
    try {
      // It ends at its next chunk: nothing of it is left under way that could still write.
      const answer = await task;
      if (answer.type === "failed") throw new CarriedError(answer.error);
      if (answer.type === "done") return answer.copied;
      signal?.throwIfAborted();
      throw new Error("internal error: a copy was stopped by nobody");
    } finally {
      this.#running.delete(task);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  async close(): Promise<void> {
    Atomics.store(this.#stop, 0, 1);
    await Promise.allSettled(this.#running);
    await this.#pool.close();
  }
}
