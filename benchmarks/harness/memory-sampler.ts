import { canReadTree, listDescendants, readResidentBytes } from "./process-tree.ts";

/** Often enough to see every ffmpeg of a few dozen milliseconds, rarely enough to cost less than 1 % of a core. */
const INTERVAL_MS = 25;

/** Watches the memory of all processes below one until it is stopped. */
export class MemorySampler {
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;
  #peakBytes = 0;

  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => this.#sample(), INTERVAL_MS);
  }

  /** Ends the watching and gives the highest sum that was seen; undefined where the system tells nothing of it. */
  stop(): number | undefined {
    clearInterval(this.#timer);
    return canReadTree && this.#peakBytes > 0 ? this.#peakBytes : undefined;
  }

  #sample(): void {
    const bytes = listDescendants(this.#pid).reduce((sum, pid) => sum + readResidentBytes(pid), 0);
    this.#peakBytes = Math.max(this.#peakBytes, bytes);
  }
}
