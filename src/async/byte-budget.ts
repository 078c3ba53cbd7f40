import type { Clock } from "../core/clock.ts";

/**
 * Bytes that may be taken per second by all that share the budget. Waiting stops the whole thread: nothing is read from
 * any connection meanwhile, so that it is the other side that waits and not memory that fills.
 */
export class ByteBudget {
  readonly #bytesPerSecond: number;
  readonly #clock: Clock;
  #freeAtMs = 0;

  constructor(bytesPerSecond: number, clock: Clock) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#clock = clock;
  }

  /** Waits until the bytes taken before are paid for; nothing is saved up while nobody takes any. */
  take(bytes: number): void {
    const nowMs = this.#clock.now();
    const startMs = Math.max(nowMs, this.#freeAtMs);
    this.#freeAtMs = startMs + (bytes / this.#bytesPerSecond) * 1000;
    if (startMs > nowMs) Atomics.wait(NOBODY_WAKES, 0, 0, startMs - nowMs);
  }
}

const NOBODY_WAKES = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
