import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits so long.
 *
 * @throws the reason of `signal`; Node's own timer rejects with an error of its own.
 */
export async function wait(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(delayMs, undefined, { signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
}
