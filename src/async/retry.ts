import { isHoldfastError } from "../core/errors.ts";
import { wait } from "./wait.ts";

/** A server that asks for a longer pause than this is asked again in another run. */
export const MAX_PATIENCE_MS = 15 * 60_000;

/** How often and how patiently to try. */
export interface RetryOptions {
  /** Failures in a row, without progress between them, that end it. */
  readonly attempts: number;
  /** The wait after the first failure; it doubles with each further one. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** Gives a number from 0 up to 1, so that many clients do not come back at the same moment. */
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
  /** Tells whether it is worth while to try again after an error. @default what the error's `retryable` says */
  readonly isWorthwhile?: ((error: unknown) => boolean) | undefined;
  /** Tells whether a failed attempt brought the work forward, so that the count begins again. @default never */
  readonly madeProgress?: ((error: unknown) => boolean) | undefined;
}

/**
 * Calls `attempt` until it succeeds, fails with an error after which trying again is not worth while, or has had its
 * attempts. The one place that decides to try again; it waits as long as the error's `retryAfterMs` says, if it says
 * so, and gives up when that is more than a quarter of an hour.
 *
 * @throws the last error of `attempt`, or the reason of `signal`.
 */
export async function retry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { attempts, signal, isWorthwhile = isRetryable, madeProgress = () => false } = options;
  for (let failures = 0; ; ) {
    try {
      signal?.throwIfAborted();
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      failures = madeProgress(error) ? 1 : failures + 1;
      if (failures >= attempts || !isWorthwhile(error)) throw error;
      const delayMs = toDelayMs(error, failures, options);
      if (delayMs > MAX_PATIENCE_MS) throw error;
      await wait(delayMs, signal);
    }
  }
}

/** Tells whether the same call may succeed later without anything being changed. */
export function isRetryable(error: unknown): boolean {
  return isHoldfastError(error) && error.retryable;
}

/** Doubles from `firstDelayMs` up to `maxDelayMs`, of which a random half is taken off. */
function toDelayMs(error: unknown, failures: number, { firstDelayMs, maxDelayMs, random }: RetryOptions): number {
  const isTold = typeof error === "object" && error !== null && "retryAfterMs" in error;
  const toldMs = isTold && typeof error.retryAfterMs === "number" ? error.retryAfterMs : 0;
  // "At once" is what a server says whose clock goes behind ours.
  return Math.max(toldMs, Math.min(maxDelayMs, firstDelayMs * 2 ** (failures - 1)) * (1 - random() / 2));
}
