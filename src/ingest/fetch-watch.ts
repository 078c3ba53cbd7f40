import type { Doorbell } from "../async/doorbell.ts";
import { isRetryable } from "../async/retry.ts";
import { parseRecordingId, type RecordingId } from "../core/recording-id.ts";
import type { RunReport } from "../core/report.ts";
import type { StoredEvent } from "../vendor/event-file.ts";
import type { ListFilter } from "../vendor/recording-source.ts";
import { type FetchPlan, type FetchPorts, planFetch } from "./fetch-plan.ts";
import { type FetchOptions, type FetchResult, runFetch, toVendorCall } from "./fetch-run.ts";
import type { EventFile } from "./read-events.ts";
import { WatchLog } from "./watch-log.ts";

/** What is watched. */
export interface WatchRequest {
  readonly filter: ListFilter;
  readonly recordingIds: readonly RecordingId[];
  /** Events that prove something of what the list gives, without being a reason to ask for it. */
  readonly knownEvents: readonly StoredEvent[];
  /** Gives what has come since it was last called. */
  readonly takeEvents: () => Promise<EventFile>;
}

/** How it is watched. */
export interface WatchOptions extends FetchOptions {
  /** How long to wait between two looks at the list, unless the bell rings. */
  readonly pollMs: number;
  readonly bell: Doorbell;
  readonly onPlan: (plan: FetchPlan) => void;
  readonly onRound: (report: RunReport<FetchResult>) => void;
  /** A round failed as a whole, and the next may not. */
  readonly onTrouble: (error: unknown) => void;
}

/** How far before the last look a recording may have been created that the list shows only now. */
const LIST_LAG_MS = 3_600_000;

/**
 * Fetches what the list and the events give, again and again, until the signal says stop. What was not ready, or failed
 * in a way that may pass, is asked for in every round.
 *
 * @throws an error that no later round would mend: a refused key, a full disk.
 */
export async function watchFetch(
  ports: FetchPorts,
  request: WatchRequest,
  options: WatchOptions,
): Promise<RunReport<FetchResult>> {
  const { clock, signal, bell, pollMs, onRound, onTrouble } = options;
  const log = new WatchLog(clock);
  const watch = new Watch(ports, request, options);
  while (!signal?.aborted) {
    try {
      const report = await watch.round();
      log.add(report);
      onRound(report);
      if (isStopped(report)) return log.toReport("stopped");
    } catch (error) {
      if (signal?.aborted) break;
      if (!isRetryable(error)) throw error;
      onTrouble(error);
    }
    await bell.wait(pollMs, signal);
  }
  return log.toReport("cancelled");
}

/** What is known from one round to the next. */
class Watch {
  readonly #ports: FetchPorts;
  readonly #request: WatchRequest;
  readonly #options: WatchOptions;
  /** What is still to be had. */
  #open: ReadonlySet<RecordingId>;
  /** Events of what is still to be had. */
  #events: readonly StoredEvent[] = [];
  #sinceMs: number | undefined;

  constructor(ports: FetchPorts, request: WatchRequest, options: WatchOptions) {
    this.#ports = ports;
    this.#request = request;
    this.#options = options;
    this.#open = new Set(request.recordingIds);
    this.#sinceMs = request.filter.sinceMs;
  }

  async round(): Promise<RunReport<FetchResult>> {
    const startedAtMs = this.#options.clock.now();
    const plan = await this.#plan();
    this.#options.onPlan(plan);
    const report = await runFetch(this.#ports, plan, this.#options);
    if (report.outcome === "cancelled") return report;
    this.#open = toOpen(report);
    this.#events = this.#events.filter(({ event }) => this.#open.has(event.recordingId));
    this.#sinceMs = Math.max(this.#request.filter.sinceMs ?? 0, startedAtMs - LIST_LAG_MS);
    return report;
  }

  async #plan(): Promise<FetchPlan> {
    const { filter, knownEvents, takeEvents } = this.#request;
    const { concurrency, signal } = this.#options;
    const fresh = await takeEvents();
    this.#events = [...this.#events, ...fresh.events];
    const plan = await planFetch(
      this.#ports,
      {
        filter: { ...filter, sinceMs: this.#sinceMs },
        events: this.#events,
        knownEvents,
        recordingIds: [...this.#open],
      },
      { concurrency, signal, call: toVendorCall(this.#options) },
    );
    return {
      items: plan.items,
      findings: [...fresh.findings, ...plan.findings],
      failures: [...fresh.failures, ...plan.failures],
    };
  }
}

function toOpen({ results, failures }: RunReport<FetchResult>): ReadonlySet<RecordingId> {
  const notReady = results.filter(({ reason }) => reason === "not-completed").map(({ recordingId }) => recordingId);
  const failedIds = new Set(results.filter(({ status }) => status === "failed").map(({ recordingId }) => recordingId));
  const passing = failures.filter(({ retryable, subject }) => retryable && failedIds.has(subject));
  return new Set([...notReady, ...passing.map(({ subject }) => subject)].map(parseRecordingId));
}

/** A full disk stops a run before its end. */
function isStopped({ counts, outcome }: RunReport<FetchResult>): boolean {
  return outcome !== "cancelled" && counts.done + counts.skipped + counts.failed < counts.planned;
}
