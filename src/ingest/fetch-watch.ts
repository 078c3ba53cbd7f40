import type { Doorbell } from "../async/doorbell.ts";
import type { Clock } from "../core/clock.ts";
import { isHoldfastError } from "../core/errors.ts";
import { parseRecordingId, type RecordingId } from "../core/recording-id.ts";
import type { RunReport } from "../core/report.ts";
import { VendorListIncompleteError } from "../vendor/errors.ts";
import type { StoredEvent } from "../vendor/event-file.ts";
import type { ListFilter } from "../vendor/recording-source.ts";
import { type FetchPlan, type FetchPorts, LIST_OF_RECORDINGS, planFetch } from "./fetch-plan.ts";
import { type FetchOptions, type FetchResult, runFetch, toVendorCall } from "./fetch-run.ts";
import type { EventFile } from "./read-events.ts";
import { WatchLog } from "./watch-log.ts";

/** What is watched. */
export interface WatchRequest {
  readonly filter: ListFilter;
  readonly recordingIds: readonly RecordingId[];
  /**
   * Events from before. They prove something of what is fetched, and are a reason to ask for recordings that the archive
   * should have by now and has not: an earlier run was ended between a webhook and its recording.
   */
  readonly knownEvents: readonly StoredEvent[];
  /** Gives what has come since it was last called. */
  readonly takeEvents: () => Promise<EventFile>;
}

/** How it is watched. */
export interface WatchOptions extends FetchOptions {
  /** How long to wait between two looks at the list. */
  readonly pollMs: number;
  /** Rung when events have come: what they name is asked for at once, without a look at the list. */
  readonly bell: Doorbell;
  readonly onPlan: (plan: FetchPlan) => void;
  readonly onRound: (report: RunReport<FetchResult>) => void;
  /** The list could not be had, or what was stored could not be signed; the next round tries it again. */
  readonly onTrouble: (error: unknown) => void;
}

const DAY_MS = 86_400_000;

/** How far before the last look a recording may have been created that the list shows only now: calls are long. */
const LIST_LAG_MS = DAY_MS;

/** For so long the vendor keeps recordings. @see Vendor API page, "Storage" */
const KEPT_FOR_MS = 30 * DAY_MS;

/**
 * Fetches what the list and the events give, again and again, until the signal says stop or no later round would do
 * better: a full disk, a refused key, an archive or a file of events that cannot be read. What was not ready, or failed
 * in a way that may pass, is asked for in every round.
 *
 * @returns the report of all rounds, also of those before an error that ended them.
 */
export async function watchFetch(
  ports: FetchPorts,
  request: WatchRequest,
  options: WatchOptions,
): Promise<RunReport<FetchResult>> {
  const { clock, signal, bell, pollMs, onRound, onTrouble } = options;
  const log = new WatchLog(clock);
  const owed = await listOwed(ports.archive, request.knownEvents, clock);
  const watch = new Watch(ports, { ...request, recordingIds: [...request.recordingIds, ...owed] }, options);
  let isListDue = true;
  let nextListMs = 0;
  while (!signal?.aborted) {
    try {
      const report = await watch.round(log, { isListDue });
      onRound(report);
      if (isStopped(report)) return log.toReport("stopped");
    } catch (error) {
      if (signal?.aborted) break;
      if (!isPassing(error)) {
        log.tell({ failures: [{ subject: "watch", error }], findings: [] });
        return log.toReport("stopped");
      }
      onTrouble(error);
      if (isListDue) bell.ring(); // What is known without the list need not wait for it.
    }
    if (isListDue) nextListMs = clock.now() + pollMs;
    // A clock that is set back must not make the wait longer.
    const hasRung = await bell.wait(Math.min(pollMs, Math.max(0, nextListMs - clock.now())), signal);
    isListDue = !hasRung || clock.now() >= nextListMs;
  }
  return log.toReport("cancelled");
}

/** What is known from one round to the next. */
class Watch {
  readonly #ports: FetchPorts;
  readonly #request: WatchRequest;
  readonly #options: WatchOptions;
  /** What is still to be had. */
  readonly #open: Set<RecordingId>;
  /** What events promise of recordings that the archive does not have yet. */
  #events: readonly StoredEvent[] = [];
  /** What failed for good, until a webhook names it again: the list would have it downloaded in every round. */
  readonly #hopeless = new Set<RecordingId>();
  #sinceMs: number | undefined;
  #isSigningDue = false;

  constructor(ports: FetchPorts, request: WatchRequest, options: WatchOptions) {
    this.#ports = ports;
    this.#request = request;
    this.#options = options;
    this.#open = new Set(request.recordingIds);
    this.#sinceMs = request.filter.sinceMs;
  }

  /** @throws the list cannot be had, or what was to be asked for cannot be known; both stay to be done. */
  async round(log: WatchLog, { isListDue }: { readonly isListDue: boolean }): Promise<RunReport<FetchResult>> {
    const startedAtMs = this.#options.clock.now();
    this.#take(await this.#request.takeEvents(), log);
    const plan = await this.#plan(isListDue ? { ...this.#request.filter, sinceMs: this.#sinceMs } : undefined);
    this.#options.onPlan(plan);
    this.#isSigningDue ||= plan.items.some(({ action }) => action.type !== "none");
    const report = await runFetch(this.#ports, plan, this.#options);
    if (isListDue) log.forget(LIST_OF_RECORDINGS);
    log.add(report);
    if (report.outcome === "cancelled") return report;
    this.#settle(report.results);
    const isWhole = !plan.failures.some(({ error }) => error instanceof VendorListIncompleteError);
    if (isListDue && isWhole) this.#sinceMs = Math.max(this.#request.filter.sinceMs ?? 0, startedAtMs - LIST_LAG_MS);
    if (this.#isSigningDue) await this.#sign();
    return report;
  }

  /** A watch may last for weeks, and what no checkpoint covers is proven by nothing when it is killed. */
  async #sign(): Promise<void> {
    try {
      await this.#ports.archive.sign();
      this.#isSigningDue = false;
    } catch (error) {
      if (!isHoldfastError(error)) throw error;
      this.#options.onTrouble(error);
    }
  }

  #take(fresh: EventFile, log: WatchLog): void {
    log.tell(fresh);
    const completed = fresh.events.filter(({ event }) => event.event === "recording.completed");
    this.#events = [...this.#events, ...completed];
    for (const { event } of completed) {
      this.#open.add(event.recordingId);
      this.#hopeless.delete(event.recordingId);
    }
  }

  async #plan(filter: ListFilter | undefined): Promise<FetchPlan> {
    const { concurrency, signal } = this.#options;
    const knownEvents = [...this.#request.knownEvents, ...this.#events];
    const wanted = { filter, events: [], knownEvents, recordingIds: [...this.#open] };
    const planned = await planFetch(this.#ports, wanted, { concurrency, signal, call: toVendorCall(this.#options) });
    return { ...planned, items: planned.items.filter(({ remote }) => !this.#hopeless.has(remote.recordingId)) };
  }

  /** What has no result stays open: the vendor would not tell about it. */
  #settle(results: readonly FetchResult[]): void {
    const stored = new Set<RecordingId>();
    for (const { recordingId: id, status, reason, retryable } of results) {
      const recordingId = parseRecordingId(id);
      const isOpen = reason === "not-completed" || retryable === true;
      if (status === "failed" && !isOpen) this.#hopeless.add(recordingId);
      if (isOpen) this.#open.add(recordingId);
      else this.#open.delete(recordingId);
      if (status === "fetched" || status === "already") stored.add(recordingId);
    }
    // Bytes that broke a promise would pass without it when they come again.
    this.#events = this.#events.filter(({ event }) => !stored.has(event.recordingId));
  }
}

/** Gives what webhooks named before, what the vendor must still have, and what the archive does not have. */
async function listOwed(
  archive: FetchPorts["archive"],
  knownEvents: readonly StoredEvent[],
  clock: Clock,
): Promise<readonly RecordingId[]> {
  const sinceMs = clock.now() - KEPT_FOR_MS;
  const named = new Set<RecordingId>();
  for (const { event } of knownEvents) {
    if (event.event === "recording.completed" && event.completedAtMs >= sinceMs) named.add(event.recordingId);
  }
  const owed: RecordingId[] = [];
  for (const recordingId of named) {
    if ((await archive.catalogued(recordingId)) === undefined) owed.push(recordingId);
  }
  return owed;
}

/** A vendor that answers wrongly may answer rightly the next time. */
function isPassing(error: unknown): boolean {
  return isHoldfastError(error) && error.code.startsWith("VENDOR_") && error.code !== "VENDOR_UNAUTHORIZED";
}

/** A full disk stops a run before its end. */
function isStopped({ counts, outcome }: RunReport<FetchResult>): boolean {
  return outcome !== "cancelled" && counts.done + counts.skipped + counts.failed < counts.planned;
}
