import { type Clock, toIsoInstant } from "./clock.ts";
import type { Finding } from "./finding.ts";
import {
  type Counts,
  type Failure,
  type LargeReport,
  type RunEnding,
  type RunReport,
  toFailure,
  toOutcome,
} from "./report.ts";
import type { Collection } from "./sequence.ts";

/** How one thing of a run ended. */
export type Ended<R> =
  | {
      readonly type: "done";
      readonly result: R;
      readonly bytes: number;
      /** The length of the recording, where the run is about audio. */
      readonly audioSeconds: number;
    }
  /** It needed nothing, or was left out for a reason that the result tells. */
  | { readonly type: "skipped"; readonly result: R }
  | { readonly type: "failed"; readonly result: R | undefined; readonly subject: string; readonly error: unknown };

/** Something that could not even be planned, with the error that stood in the way. */
export interface PlanFailure {
  readonly subject: string;
  readonly error: unknown;
}

/** What a run tells while it works: once how much there is to do, then each thing that has ended. */
export type RunEvent =
  | {
      readonly type: "planned";
      readonly count: number;
      /** An estimate of how much audio there is in it; 0 where nobody has estimated it. */
      readonly audioSeconds: number;
    }
  /** It is known better now how much audio there is in all. */
  | { readonly type: "estimated"; readonly audioSeconds: number }
  /** Bytes have come over the network, of things that have not ended yet. */
  | { readonly type: "received"; readonly bytes: number }
  | {
      readonly type: "ended";
      readonly ended: Ended<unknown>["type"];
      readonly bytes: number;
      readonly audioSeconds: number;
    };

/** Options that every run takes. */
export interface RunOptions {
  readonly concurrency: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/** Where a run's results and findings are gathered; empty at first. */
export interface RunStore<R> {
  readonly results: Collection<R>;
  readonly findings: Collection<Finding>;
}

/** Gathers what a run did, in memory or elsewhere, tells it on, and makes the report. */
export class LargeRunLog<R> {
  readonly #options: RunOptions;
  readonly #startedAtMs: number;
  readonly #store: RunStore<R>;
  readonly #failures: Failure[] = [];
  readonly #errors = new Set<unknown>();
  readonly #counts = { planned: 0, done: 0, skipped: 0, failed: 0, bytes: 0 };

  constructor(options: RunOptions, store: RunStore<R>) {
    this.#options = options;
    this.#store = store;
    this.#startedAtMs = options.clock.now();
  }

  /** So many things will end, beside those that could not be planned and have failed with that. */
  planned(count: number, failures: readonly PlanFailure[], audioSeconds = 0): void {
    this.#counts.planned = count + failures.length;
    this.#options.onEvent?.({ type: "planned", count: this.#counts.planned, audioSeconds });
    for (const failure of failures) this.ended({ type: "failed", result: undefined, ...failure });
  }

  /**
   * A planned thing has ended.
   *
   * @throws the error of a failed one when it is a bug, not a HoldfastError.
   */
  ended(ended: Ended<R>): void {
    this.#counts[ended.type] += 1;
    if (ended.result !== undefined) this.#store.results.push(ended.result);
    if (ended.type === "failed") this.#fail(ended);
    const { bytes, audioSeconds } = ended.type === "done" ? ended : { bytes: 0, audioSeconds: 0 };
    this.#counts.bytes += bytes;
    this.#options.onEvent?.({ type: "ended", ended: ended.type, bytes, audioSeconds });
  }

  /** Several things of one item may fail with one error, which is told of once. */
  #fail({ subject, error }: PlanFailure): void {
    if (this.#errors.has(error)) return;
    this.#errors.add(error);
    this.#failures.push(toFailure(subject, error));
  }

  /** Something is not as recorded. */
  found(findings: readonly Finding[]): void {
    for (const finding of findings) this.#store.findings.push(finding);
  }

  /** Makes the report of a run that has ended now, by itself or before its time. */
  toReport(ending: RunEnding): LargeReport<R> {
    const { results, findings } = this.#store;
    const counts: Counts = { ...this.#counts, findings: findings.length };
    return {
      startedAt: toIsoInstant(this.#startedAtMs),
      finishedAt: toIsoInstant(this.#options.clock.now()),
      outcome: toOutcome(counts, ending, this.#failures),
      ending: ending === "completed" ? undefined : ending,
      counts,
      results,
      findings,
      failures: this.#failures,
    };
  }
}

/** Gathers what a run did in memory, tells it on, and makes the report. */
export class RunLog<R> extends LargeRunLog<R> {
  readonly #arrays: { readonly results: R[]; readonly findings: Finding[] };

  constructor(options: RunOptions) {
    const arrays = { results: [], findings: [] };
    super(options, arrays);
    this.#arrays = arrays;
  }

  /** Makes the report of a run that has ended now, by itself or before its time. */
  override toReport(ending: RunEnding): RunReport<R> {
    return { ...super.toReport(ending), ...this.#arrays };
  }
}
