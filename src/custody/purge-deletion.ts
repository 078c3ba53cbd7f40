import type { Pace } from "../async/pace.ts";
import { type RetryOptions, retry } from "../async/retry.ts";
import { type Clock, toIsoInstant } from "../core/clock.ts";
import { type HoldfastError, isHoldfastError } from "../core/errors.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { CallOptions, RecordingSource } from "../vendor/recording-source.ts";

/** How fast and how patiently the vendor is asked. */
export interface PurgePatience {
  readonly pace: Pace;
  readonly retry: Omit<RetryOptions, "signal">;
  readonly signal?: AbortSignal | undefined;
}

/** What came of asking the vendor to delete a recording. */
export type Deletion =
  /** It says that it has; `deletedAt` is its word. */
  | { readonly status: "deleted"; readonly deletedAt: string; readonly answeredAt: string }
  /** It did not say so, and does not have it any more. */
  | { readonly status: "gone"; readonly because: string; readonly answeredAt: string }
  /** It did not have it any more when it was asked. */
  | { readonly status: "already-gone"; readonly answeredAt: string }
  | { readonly status: "failed"; readonly standing: "still-there" | "unknown"; readonly error: HoldfastError };

type DeletionSource = Pick<RecordingSource, "get" | "delete">;
type DeletionTaskOptions = Omit<PurgePatience, "retry"> & { readonly clock: Clock };

/**
 * Asks the vendor to delete a recording. Any answer but that it did is followed by the question whether it is still there, and
 * only then, if that may help, by another try. What was asked once is told of, also when
 * `signal` aborts.
 *
 * @throws the reason of `signal` when it aborts before anything was asked.
 */
export async function deleteAtVendor(
  recordingId: RecordingId,
  source: DeletionSource,
  { pace, retry: patience, signal, clock }: PurgePatience & { readonly clock: Clock },
): Promise<Deletion> {
  const task = new DeletionTask(recordingId, source, { pace, signal, clock });
  try {
    return await retry(() => task.attempt(), { ...patience, signal });
  } catch (error) {
    // An abort ends the waiting between two tries, and takes the place of what the last one came to.
    const { failure } = task;
    if (failure === undefined || !(isHoldfastError(error) || signal?.aborted)) throw error;
    return { status: "failed", standing: task.standing, error: failure };
  }
}

class DeletionTask {
  standing: "still-there" | "unknown" = "unknown";
  /** Of the last try. */
  failure: HoldfastError | undefined;
  readonly #recordingId: RecordingId;
  readonly #source: DeletionSource;
  readonly #options: DeletionTaskOptions;

  constructor(recordingId: RecordingId, source: DeletionSource, options: DeletionTaskOptions) {
    this.#recordingId = recordingId;
    this.#source = source;
    this.#options = options;
  }

  /** What is under way is not broken off: how it ended would not be known. */
  async attempt(): Promise<Deletion> {
    const { pace, signal } = this.#options;
    try {
      const { deletedAt } = await this.#source.delete(this.#recordingId, { call: (send) => pace.run(send, signal) });
      return { status: "deleted", deletedAt, answeredAt: this.#now() };
    } catch (error) {
      if (!isHoldfastError(error)) throw error;
      return this.#judge(error);
    }
  }

  async #judge(error: HoldfastError): Promise<Deletion> {
    const earlier = this.failure;
    this.failure = error;
    if (error.code === "VENDOR_NOT_FOUND") {
      if (earlier === undefined) return { status: "already-gone", answeredAt: this.#now() };
      return { status: "gone", because: earlier.message, answeredAt: this.#now() };
    }
    this.standing = "unknown";
    const stands = await this.#ask();
    if (stands === "gone") return { status: "gone", because: error.message, answeredAt: this.#now() };
    this.standing = stands;
    throw error;
  }

  async #ask(): Promise<"still-there" | "unknown" | "gone"> {
    const call: CallOptions["call"] = (send) => this.#options.pace.run(send);
    try {
      await this.#source.get(this.#recordingId, { call });
      return "still-there";
    } catch (error) {
      if (!isHoldfastError(error)) throw error;
      return error.code === "VENDOR_NOT_FOUND" ? "gone" : "unknown";
    }
  }

  #now(): string {
    return toIsoInstant(this.#options.clock.now());
  }
}
