import { parentPort } from "node:worker_threads";
import { Piscina } from "piscina";

/** What a thread says when its program is loaded. */
const LOADED = "holdfast: loaded";

/** Any time will do. */
const KEEP_ALIVE_MS = 60_000;

/** What a {@link ThreadPool} needs. */
export interface ThreadPoolOptions<N> {
  /** The program of its threads, which exports by default what does one task, and calls {@link tellLoaded}. */
  readonly program: URL;
  readonly threads: number;
  /** Handed to every thread. */
  readonly settings: unknown;
  /**
   * How many tasks a thread may have at a time. With more than one it is a thread that waits for many things; with one it does
   * nothing else.
   */
  readonly tasksAtOnce: number;
  /** Room for new objects in each thread. @default V8's own */
  readonly youngMib?: number;
  /** Gets what threads say on the way. */
  readonly onNews?: (news: N) => void;
}

/**
 * Threads that run one program.
 *
 * Node 20 aborts the whole process when a thread is ended while it loads modules, so none is before it has loaded its own.
 */
export class ThreadPool<T, R, N = never> {
  readonly #pool: Piscina<T, R>;
  readonly #loaded: Promise<void>;
  #broken: { readonly error: unknown } | undefined;

  constructor({ program, threads, settings, tasksAtOnce, youngMib, onNews }: ThreadPoolOptions<N>) {
    this.#pool = new Piscina({
      filename: program.href,
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: tasksAtOnce,
      // A thread that waits for its next task in `Atomics.wait` would stop all else that it has to do.
      atomics: "disabled",
      workerData: settings,
      ...(youngMib === undefined ? {} : { resourceLimits: { maxYoungGenerationSizeMb: youngMib } }),
    });
    this.#loaded = new Promise((resolve) => {
      let left = threads;
      this.#pool.on("message", (news: N | typeof LOADED) => {
        if (news !== LOADED) onNews?.(news);
        else if (--left === 0) resolve();
      });
      // A thread that ends without having been asked is a bug; whoever comes next is told.
      this.#pool.on("error", (error: unknown) => {
        this.#broken = { error };
        resolve();
      });
    });
  }

  /** Does a task in a thread. */
  async run(task: T): Promise<R> {
    if (this.#broken !== undefined) throw this.#broken.error;
    return this.#pool.run(task);
  }

  /** Ends the threads, with all that they are doing. Idempotent. */
  async close(): Promise<void> {
    // Threads that have nothing to do keep no program alive.
    const alive = setInterval(() => undefined, KEEP_ALIVE_MS);
    await this.#loaded.finally(() => clearInterval(alive));
    await this.#pool.destroy();
  }
}

/** To be called last of all by the program of a thread. */
export function tellLoaded(): void {
  // The module is not loaded before its last line has come to an end.
  setImmediate(() => parentPort?.postMessage(LOADED));
}
