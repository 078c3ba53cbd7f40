import type { Unit } from "./holding.ts";

/** Enough for the trip to a thread to cost little, few enough for all threads to have some. */
const MAX_FILES = 256;
const MAX_BYTES = 16 << 20;

/** What bounds a run, in time and in bytes. */
export interface Budget {
  readonly untilMs: number;
  readonly bytes: number;
}

/** Options of {@link LookBatches}. */
export interface LookBatchesOptions {
  readonly budget: Budget;
  readonly now: () => number;
  /** What a batch holds at most, unless one unit holds more. @default {@link MAX_BYTES} */
  readonly batchBytes?: number | undefined;
}

/** Puts units together that one thread looks at in one go, until a budget is spent or somebody stops it. */
export class LookBatches {
  readonly #options: LookBatchesOptions;
  readonly #batchBytes: number;
  #takenBytes = 0;
  #seen = { files: 0, bytes: 0 };
  #isStopped = false;
  #isExhausted = false;

  constructor(options: LookBatchesOptions) {
    this.#options = options;
    this.#batchBytes = Math.min(MAX_BYTES, options.batchBytes ?? MAX_BYTES);
  }

  /** Whether the budget was spent before all units were taken. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  /** Gives no more units. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Learns how large files are, for those whose record does not tell. */
  saw(bytes: number): void {
    this.#seen.files += 1;
    this.#seen.bytes += bytes;
  }

  async *of(units: AsyncIterable<Unit>): AsyncGenerator<readonly Unit[]> {
    let batch: Unit[] = [];
    let [files, bytes] = [0, 0];
    for await (const unit of units) {
      if (this.#isStopped) return;
      if (this.#isSpent()) {
        this.#isExhausted = true;
        break;
      }
      batch.push(unit);
      files += unit.files.length;
      bytes += this.#take(unit);
      if (files < MAX_FILES && bytes < this.#batchBytes) continue;
      yield batch;
      [batch, files, bytes] = [[], 0, 0];
    }
    if (batch.length > 0) yield batch;
  }

  #isSpent(): boolean {
    const { budget, now } = this.#options;
    return this.#takenBytes >= budget.bytes || now() >= budget.untilMs;
  }

  /** Until a file has been seen, one of unknown size is a batch of its own. */
  #take({ files }: Unit): number {
    const { files: count, bytes } = this.#seen;
    let sum = 0;
    for (const { sizeBytes } of files) sum += sizeBytes ?? (count === 0 ? MAX_BYTES : bytes / count);
    this.#takenBytes += sum;
    return sum;
  }
}
