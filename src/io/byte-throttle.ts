/** What a {@link ByteThrottle} needs. */
export interface ByteThrottleOptions {
  readonly maxBytesPerSecond: number;
  /** As {@link ByteThrottle.share} gave it. */
  readonly memory: SharedArrayBuffer;
}

const NS_PER_SECOND = 1_000_000_000;

/** The shortest wait that is worth it: a sleep takes a tenth of this longer than asked for. */
const LEAST_WAIT_NS = 2_000_000n;

/**
 * Bounds how many bytes all who share its memory take in a second, together.
 *
 * Whoever takes bytes books the time that they need at that speed, behind what others have booked, and waits until it is over.
 * Time in which nobody took any is lost: nobody goes faster after a rest. The bound is overstepped by 2 ms' worth at most.
 */
export class ByteThrottle {
  readonly #maxBytesPerSecond: number;
  /** Until when time is booked. */
  readonly #bookedUntilNs: BigInt64Array;

  constructor({ maxBytesPerSecond, memory }: ByteThrottleOptions) {
    this.#maxBytesPerSecond = maxBytesPerSecond;
    this.#bookedUntilNs = new BigInt64Array(memory);
  }

  /** Makes the memory that is shared. */
  static share(): SharedArrayBuffer {
    return new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  }

  /**
   * Books some bytes.
   *
   * @param nowNs - By the clock that all use.
   * @returns how long to wait before they are taken, in milliseconds.
   */
  book(bytes: number, nowNs: bigint): number {
    const neededNs = BigInt(Math.ceil((bytes * NS_PER_SECOND) / this.#maxBytesPerSecond));
    for (;;) {
      const bookedNs = Atomics.load(this.#bookedUntilNs, 0);
      const endNs = (bookedNs > nowNs ? bookedNs : nowNs) + neededNs;
      if (Atomics.compareExchange(this.#bookedUntilNs, 0, bookedNs, endNs) !== bookedNs) continue;
      return endNs - nowNs < LEAST_WAIT_NS ? 0 : Number(endNs - nowNs) / 1e6;
    }
  }
}
