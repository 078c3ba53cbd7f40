import type { Finding } from "../core/finding.ts";
import type { Failure } from "../core/report.ts";
import type { Sequence } from "../core/sequence.ts";

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

/** Lengths side by side, such as how many recordings there are of each age. */
export interface ReportChart {
  readonly title: string;
  /** Says what is counted, and of when. */
  readonly caption: string;
  /** What one bar stands for, and what its length counts, as headings. */
  readonly heads: readonly [string, string];
  readonly bars: readonly { readonly label: string; readonly value: number }[];
}

/** A run's report as it is put to paper, for whatever command. */
export interface ReportTable<R> {
  readonly title: string;
  /** Sentences that tell the outcome, the most important first. */
  readonly headlines: readonly string[];
  readonly facts: readonly ReportFact[];
  /** Shown on a page alone. */
  readonly chart?: ReportChart | undefined;
  readonly columns: readonly ReportColumn<R>[];
  readonly rows: Sequence<R>;
  readonly findings: Sequence<Finding>;
  readonly failures: readonly Failure[];
}
