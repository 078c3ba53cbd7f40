import type { Finding } from "../core/finding.ts";
import type { Failure } from "../core/report.ts";

/** What stands in one cell; undefined where nothing is known. */
export type ReportCell = string | number | undefined;

/** How a column is shown to a person. Seconds may be fractions; a CSV has all of their digits. */
export type ColumnKind = "text" | "status" | "digest" | "number" | "bytes" | "seconds";

/** One column, and where its cells come from. */
export interface ReportColumn<R> {
  /** Its name in a CSV, as in the `--json` report. */
  readonly key: string;
  /** Its heading for a person. */
  readonly label: string;
  readonly kind: ColumnKind;
  readonly toCell: (row: R) => ReportCell;
}

/** One thing to know of the whole run: when, with what, with which settings. */
export interface ReportFact {
  readonly label: string;
  readonly value: string;
}

/** A run's report as it is put to paper, for whatever command. */
export interface ReportTable<R> {
  readonly title: string;
  /** Sentences that tell the outcome, the most important first. */
  readonly headlines: readonly string[];
  readonly facts: readonly ReportFact[];
  readonly columns: readonly ReportColumn<R>[];
  readonly rows: readonly R[];
  readonly findings: readonly Finding[];
  readonly failures: readonly Failure[];
}
