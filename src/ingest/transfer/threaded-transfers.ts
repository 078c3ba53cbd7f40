import { ThreadPool } from "../../async/thread-pool.ts";
import { untilAborted } from "../../async/until-aborted.ts";
import { CarriedError } from "../../core/errors.ts";
import type { TransferSettings } from "./direct-transfers.ts";
import type { TransferJob, TransferOptions, Transferred, Transfers } from "./transfer.ts";
import type { ThreadAnswer, ThreadNews } from "./transfer-thread.ts";

/** What a {@link ThreadedTransfers} needs. */
export interface ThreadedTransfersOptions extends TransferSettings {
  readonly threads: number;
}

/** Room for new objects in each thread. */
const YOUNG_MIB = 12;

/**
 * Downloads in threads of its own, each with its share of the bodies: receiving, hashing and writing then use more
 * than one core, and none of them waits for what else the program does.
 */
export class ThreadedTransfers implements Transfers {
  readonly #pool: ThreadPool<TransferJob, ThreadAnswer, ThreadNews>;
  readonly #listeners = new Map<string, (bytes: number) => void>();

  constructor({ threads, concurrency, ...settings }: ThreadedTransfersOptions) {
    const share: TransferSettings = { ...settings, concurrency: Math.max(1, Math.ceil(concurrency / threads)) };
    this.#pool = new ThreadPool({
      program: new URL("./transfer-thread.js", import.meta.url),
      threads,
      settings: share,
      // Each thread bounds its bodies by itself; what waits for a slot has its redirect followed in the meantime.
      tasksAtOnce: Number.MAX_SAFE_INTEGER,
      // Little lives long here: more room would only be filled with what is dead.
      youngMib: YOUNG_MIB,
      onNews: ({ subject, bytes }) => this.#listeners.get(subject)?.(bytes),
    });
  }

  async run(job: TransferJob, { signal, onBytes }: TransferOptions = {}): Promise<Transferred> {
    signal?.throwIfAborted();
    if (onBytes !== undefined) this.#listeners.set(job.subject, onBytes);
    try {
      const answer = await untilAborted(this.#pool.run(job), signal);
      if (answer.type === "done") return answer.transferred;
      throw new CarriedError(answer.error);
    } finally {
      this.#listeners.delete(job.subject);
    }
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }
}
