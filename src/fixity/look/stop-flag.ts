/** Thrown where work ends because somebody asked for it; it tells nothing of the work. */
export class StoppedError extends Error {}

/** Tells threads that do synchronous work to stop. What goes from thread to thread is its memory. */
export class StopFlag {
  readonly memory: SharedArrayBuffer;
  readonly #word: Int32Array;

  constructor(memory = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#word = new Int32Array(memory);
  }

  /** Stops all who look at it or sleep by it, for good. */
  raise(): void {
    Atomics.store(this.#word, 0, 1);
    Atomics.notify(this.#word, 0);
  }

  /** @throws {StoppedError} it is raised. */
  throwIfRaised(): void {
    if (Atomics.load(this.#word, 0) !== 0) throw new StoppedError("stopped");
  }

  /**
   * Stops the thread for so long.
   *
   * @throws {StoppedError} it is raised before that.
   */
  sleep(milliseconds: number): void {
    Atomics.wait(this.#word, 0, 0, milliseconds);
    this.throwIfRaised();
  }
}
