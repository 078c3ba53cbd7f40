import { setTimeout as sleep } from "node:timers/promises";
import { isHoldfastError } from "../core/errors.ts";

/** A server that asks for a longer pause than this is asked again in another run. */
const MAX_PATIENCE_MS = 15 * 60_000;

/** How often and how patiently to try. */
export interface RetryOptions {
  readonly attempts: number;
  /** The wait after the first failure; it doubles with each further one. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** Gives a number from 0 up to 1, so that many clients do not come back at the same moment. */
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls `attempt` until it succeeds, fails with an error that is not `retryable`, or has had its attempts. The
 * one place that decides to try again; it waits as long as the error's `retryAfterMs` says, if it says so, and gives
 * up when that is more than a quarter of an hour.
 *
 * @throws the last error of `attempt`, or the reason of `signal`.
 */
export async function retry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let made = 1; ; made += 1) {
    try {
      options.signal?.throwIfAborted();
      return await attempt();
    } catch (error) {
      options.signal?.throwIfAborted();
      if (made >= options.attempts || !isHoldfastError(error) || !error.retryable) throw error;
      const delayMs = toDelayMs(error, made, options);
      if (delayMs > MAX_PATIENCE_MS) throw error;
      await wait(delayMs, options.signal);
    }
  }
}

/** Doubles from `firstDelayMs` up to `maxDelayMs`, of which a random half is taken off. */
function toDelayMs(error: object, made: number, { firstDelayMs, maxDelayMs, random }: RetryOptions): number {
  if ("retryAfterMs" in error && typeof error.retryAfterMs === "number") return error.retryAfterMs;
  return Math.min(maxDelayMs, firstDelayMs * 2 ** (made - 1)) * (1 - random() / 2);
}

/** Node's own timer rejects with an error of its own instead of the signal's reason. */
async function wait(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(delayMs, undefined, { signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
}
