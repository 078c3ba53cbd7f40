import type { Clock } from "../../core/clock.ts";

const CAPACITY = 100;
const TOKENS_PER_SECOND = 10;

/** How fast an account may ask: a bucket of 100 tokens that refills at 10 a second [K]. */
export class TokenBucket {
  readonly #clock: Clock;
  #tokens = CAPACITY;
  #filledAtMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#filledAtMs = clock.now();
  }

  /** Takes tokens out and tells whether there were enough; if not, it takes none. */
  tryTake(count: number): boolean {
    const nowMs = this.#clock.now();
    this.#tokens = Math.min(CAPACITY, this.#tokens + ((nowMs - this.#filledAtMs) / 1000) * TOKENS_PER_SECOND);
    this.#filledAtMs = nowMs;
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }
}
