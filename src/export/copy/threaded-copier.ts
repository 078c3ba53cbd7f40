import { ThreadPool } from "../../async/thread-pool.ts";
import { CarriedError } from "../../core/errors.ts";
import type { Copied, Copier, CopyRequest } from "./copier.ts";
import type { CopyAnswer, CopyTask } from "./copy-thread.ts";

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

  async copy(requests: readonly CopyRequest[], signal?: AbortSignal): Promise<readonly Copied[]> {
    signal?.throwIfAborted();
    const onAbort = () => Atomics.store(this.#stop, 0, 1);
    signal?.addEventListener("abort", onAbort, { once: true });
    const task = this.#pool.run({ requests, stop: this.#stop });
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
