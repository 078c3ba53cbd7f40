import { type Clock, toIsoInstant } from "../core/clock.ts";
import type { Finding } from "../core/finding.ts";
import { type Failure, type RunEnding, type RunReport, toFailure, toOutcome } from "../core/report.ts";
import type { FetchPlan } from "./fetch-plan.ts";
import type { FetchResult } from "./fetch-run.ts";

/** Gathers the reports of many rounds: of each recording the last word counts. */
export class WatchLog {
  readonly #clock: Clock;
  readonly #startedAtMs: number;
  readonly #results = new Map<string, FetchResult>();
  readonly #failures = new Map<string, Failure>();
  readonly #findings = new Map<string, Finding>();
  #bytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAtMs = clock.now();
  }

  add({ results, failures, findings, counts }: RunReport<FetchResult>): void {
    for (const result of results) this.#addResult(result);
    for (const failure of failures) this.#failures.set(failure.subject, failure);
    for (const finding of findings) this.#addFinding(finding);
    this.#bytes += counts.bytes;
  }

  /**
   * Takes what no round told of.
   *
   * @throws the error of a failure when it is a bug, not a HoldfastError.
   */
  tell({ failures, findings }: Pick<FetchPlan, "failures" | "findings">): void {
    for (const { subject, error } of failures) this.#failures.set(subject, toFailure(subject, error));
    for (const finding of findings) this.#addFinding(finding);
  }

  /** What an earlier round failed with for this subject is no longer so. */
  forget(subject: string): void {
    this.#failures.delete(subject);
  }

  #addFinding(finding: Finding): void {
    this.#findings.set(`${finding.kind} ${finding.subject}`, finding);
  }

  /** What was fetched in an earlier round is there in the next, which is no news. */
  #addResult(result: FetchResult): void {
    const earlier = this.#results.get(result.recordingId);
    this.#failures.delete(result.recordingId);
    if (earlier?.status !== "fetched" || result.status !== "already") this.#results.set(result.recordingId, result);
  }

  toReport(ending: RunEnding): RunReport<FetchResult> {
    const results = [...this.#results.values()];
    const failures = [...this.#failures.values()];
    const findings = [...this.#findings.values()];
    const count = (...statuses: readonly FetchResult["status"][]) =>
      results.filter(({ status }) => statuses.includes(status)).length;
    const unplanned = failures.filter(({ subject }) => !this.#results.has(subject)).length;
    const counts = {
      planned: results.length + unplanned,
      done: count("fetched"),
      skipped: count("already", "skipped"),
      failed: count("failed") + unplanned,
      findings: findings.length,
      bytes: this.#bytes,
    };
    return {
      startedAt: toIsoInstant(this.#startedAtMs),
      finishedAt: toIsoInstant(this.#clock.now()),
      outcome: toOutcome(counts, ending),
      counts,
      results,
      findings,
      failures,
    };
  }
}
