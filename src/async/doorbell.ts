import { wait } from "./wait.ts";

/** Wakes one who waits for something to happen. A ring while nobody waits is heard by the next who does. */
export class Doorbell {
  #hasRung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#hasRung = true;
    this.#wake?.();
  }

  /**
   * Waits for a ring, but no longer than `maxMs`, and not once `signal` aborts.
   *
   * @returns whether it was rung.
   */
  async wait(maxMs: number, signal: AbortSignal | undefined): Promise<boolean> {
    if (!this.#hasRung && !signal?.aborted) {
      const waiting = new AbortController();
      const stop = () => waiting.abort();
      this.#wake = stop;
      signal?.addEventListener("abort", stop, { once: true });
      await wait(maxMs, waiting.signal).catch(() => undefined); // Woken: that is no failure.
      signal?.removeEventListener("abort", stop);
      this.#wake = undefined;
    }
    const hasRung = this.#hasRung;
    this.#hasRung = false;
    return hasRung;
  }
}
