import type { Finding } from "../core/finding.ts";
import type { LargeReport } from "../core/report.ts";
import { LargeRunLog, type PlanFailure, type RunStore } from "../core/run-log.ts";
import type { CompleteRows } from "./complete-rows.ts";
import { type CopyOutcome, isFatal } from "./copy-originals.ts";
import type { ExportItem, ExportPlan } from "./export-plan.ts";
import { type ExportResult, toExported, toSubject } from "./export-result.ts";

/**
 * Gathers what stands in the way of a package, and makes the report: a package is there or not, so that an original counts as
 * exported only when all are.
 */
export class ExportLog {
  readonly #plan: ExportPlan;
  readonly #log: LargeRunLog<ExportResult>;
  readonly #failures: PlanFailure[];
  /** Those that could not be read, by what reports call them. */
  readonly #failed = new Set<string>();
  /** Those that are not what they must be. */
  readonly #missed = new Set<ExportItem>();
  #findings = 0;

  constructor(
    plan: ExportPlan,
    options: ConstructorParameters<typeof LargeRunLog>[0],
    store: RunStore<ExportResult> = { results: [], findings: [] },
  ) {
    this.#plan = plan;
    this.#failures = [...plan.failures];
    this.#log = new LargeRunLog(options, store);
  }

  /** Whether nothing stands in the way so far. */
  get isClean(): boolean {
    return this.#failures.length + this.#findings === 0;
  }

  /**
   * An original was not copied.
   *
   * @throws the error, where going on is pointless.
   */
  missed(outcome: Exclude<CopyOutcome, { kind: "copied" }>): void {
    if (outcome.kind === "found") {
      this.#missed.add(outcome.item);
      this.found([outcome.finding]);
    } else if (isFatal(outcome.error)) throw outcome.error;
    else {
      const subject = toSubject(outcome.item);
      this.#failed.add(subject);
      this.failed({ subject, error: outcome.error });
    }
  }

  /** Something is not as recorded. */
  found(findings: readonly Finding[]): void {
    this.#findings += findings.length;
    this.#log.found(findings);
  }

  /** Something could not be done. */
  failed(failure: PlanFailure): void {
    this.#failures.push(failure);
  }

  /** Makes the report of a package that was made. */
  toSuccess({ rows, uncopied }: Pick<CompleteRows, "rows" | "uncopied">): LargeReport<ExportResult> {
    const { items, removed, absent } = this.#plan;
    this.#log.planned(rows.length + removed.length + absent.length, []);
    const inOrder = items.values();
    for (const row of rows) {
      const { value: item } = inOrder.next();
      if (item === undefined) throw new Error("internal error: more rows than items");
      const result = toExported(item, row, uncopied.get(row.original.path));
      const { sizeBytes } = row.original;
      this.#log.ended({ type: "done", result, bytes: sizeBytes, audioSeconds: row.audio?.durationSeconds ?? 0 });
    }
    this.#tellLeftOut();
    return this.#log.toReport("completed");
  }

  /** Makes the report where no package was made: what was not at fault is told as such. */
  toFailure(ending: "completed" | "cancelled"): LargeReport<ExportResult> {
    const { items, removed, absent, failures: planFailures } = this.#plan;
    const own = this.#failures.slice(planFailures.length);
    this.#log.planned(Math.max(items.length, own.length) + removed.length + absent.length, planFailures);
    for (const { subject, error } of own) this.#log.ended({ type: "failed", result: undefined, subject, error });
    for (const item of items) {
      const subject = toSubject(item);
      if (this.#failed.has(subject)) continue;
      const status = this.#missed.has(item) ? "failed" : "not-exported";
      this.#log.ended({ type: "skipped", result: { subject, status } });
    }
    this.#tellLeftOut();
    const report = this.#log.toReport(ending);
    // Nobody is to look for a part of one.
    return report.outcome === "partial" ? { ...report, outcome: "failed" } : report;
  }

  #tellLeftOut(): void {
    for (const { recordingId } of this.#plan.removed) {
      this.#log.ended({ type: "skipped", result: { subject: recordingId, status: "removed" } });
    }
    for (const subject of this.#plan.absent) {
      this.#log.ended({ type: "skipped", result: { subject, status: "not-in-archive" } });
    }
  }
}
