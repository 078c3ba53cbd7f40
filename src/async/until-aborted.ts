/**
 * Waits for what goes on by itself, at most until the signal; what comes of it after that is nobody's concern.
 *
 * @throws what `promise` rejects with, or the reason of `signal`.
 */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal?.reason);
    void promise.then(resolve, reject).finally(() => signal?.removeEventListener("abort", stop));
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
