import { createHash } from "node:crypto";
import type { Finding } from "../core/finding.ts";
import type { Failure } from "../core/report.ts";
import type { Sequence } from "../core/sequence.ts";
import { takeWorst } from "../core/worst-findings.ts";
import { toCellWords, toGroupedDigits } from "./cell-words.ts";
import { toChartHtml } from "./chart-html.ts";
import { escapeHtml, toVisibleHtml } from "./html-text.ts";
import { PAGE_STYLE } from "./page-style.ts";
import type { ReportColumn, ReportFact, ReportTable } from "./report-table.ts";

/** Rows that one table of the page shows: Chromium opens so many in five seconds on two cores, and prints 700 pages. */
const MAX_ROWS = 10_000;

/** The states and findings, of all commands, that a reader must not overlook. */
const ALARMING = new Set([
  ...["failed", "refused", "damaged", "missing", "unreachable"],
  ...["location-unreachable", "unreadable", "digest-mismatch", "size-mismatch", "truncated", "corrupt-frames"],
]);

const FAILURE_COLUMNS: readonly ReportColumn<Failure>[] = [
  { key: "subject", label: "What", kind: "text", toCell: ({ subject }) => subject },
  { key: "message", label: "Why", kind: "text", toCell: ({ message }) => message },
  { key: "code", label: "Code", kind: "status", toCell: ({ code }) => code },
];

const ALL_FINDING_COLUMNS: readonly ReportColumn<Finding>[] = [
  { key: "subject", label: "Where", kind: "text", toCell: ({ subject }) => subject },
  { key: "kind", label: "Kind", kind: "status", toCell: ({ kind }) => kind },
  { key: "message", label: "What was found", kind: "text", toCell: ({ message }) => message },
  { key: "expected", label: "Expected", kind: "digest", toCell: ({ detail }) => detail.expected },
  { key: "found", label: "Found", kind: "digest", toCell: ({ detail }) => detail.found },
];

/** Few findings are about a value: where none is, the columns would be empty. */
function toFindingColumns(findings: readonly Finding[]): readonly ReportColumn<Finding>[] {
  const hasValues = findings.some(({ detail }) => detail.expected !== undefined || detail.found !== undefined);
  return hasValues ? ALL_FINDING_COLUMNS : ALL_FINDING_COLUMNS.filter(({ kind }) => kind !== "digest");
}

/** One table of the page, with what stands above it. */
interface Section<R> {
  readonly heading: string;
  /** What one of its rows is called. */
  readonly noun: string;
  readonly columns: readonly ReportColumn<R>[];
  readonly rows: Sequence<R>;
  /** How many rows there are, and which are shown. */
  readonly caption: string;
}

/**
 * Writes a report as one HTML page, piece by piece: the outcome, what was not done and why, what was found, the facts of
 * the run, then the results, of which a long report shows the first and says so. It needs no script and nothing from
 * elsewhere, and its content security policy allows neither; texts from outside show characters that are not seen.
 *
 * @see https://www.w3.org/TR/CSP3/ sections 2.3.1 and 3.3
 */
export function* toHtmlPage<R>({
  title,
  headlines,
  facts,
  chart,
  columns,
  rows,
  findings,
  failures,
}: ReportTable<R>): Generator<string> {
  yield toHead(title);
  yield `<h1>${escapeHtml(title)}</h1>\n`;
  for (const [index, text] of headlines.entries()) {
    yield `<p${index === 0 ? " class=headline" : ""}>${toVisibleHtml(text)}</p>\n`;
  }
  yield* toSection({
    ...{ heading: "What was not done", noun: "failure", caption: toCaption("failure", "first", failures.length) },
    ...{ columns: FAILURE_COLUMNS, rows: failures },
  });
  yield* toFindingSection(findings);
  yield `<h2>The run</h2>\n<dl>\n${facts.map(toFactHtml).join("")}</dl>\n`;
  if (chart !== undefined) yield toChartHtml(chart);
  const caption = toCaption("result", "first", rows.length);
  yield* toSection({ heading: "Results", noun: "result", caption, columns, rows });
  yield "</main>\n</body>\n</html>\n";
}

function toHead(title: string): string {
  const styleHash = createHash("sha256").update(PAGE_STYLE).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
`;
}

function toFactHtml({ label, value }: ReportFact): string {
  return `<dt>${escapeHtml(label)}</dt><dd>${toVisibleHtml(value)}</dd>\n`;
}

function toFindingSection(findings: Sequence<Finding>): Generator<string> {
  const rows = takeWorst(findings, MAX_ROWS);
  const caption = toCaption("finding", "worst", findings.length);
  return toSection({ heading: "What was found", noun: "finding", caption, columns: toFindingColumns(rows), rows });
}

function* toSection<R>({ heading, noun, caption, columns, rows }: Section<R>): Generator<string> {
  yield `<h2>${heading}</h2>\n`;
  if (rows.length === 0) {
    yield `<p>No ${noun}s.</p>\n`;
    return;
  }
  const heads = columns.map(({ label, kind }) => `<th scope=col class=${kind}>${escapeHtml(label)}</th>`);
  yield `<div class=scroll role=region tabindex=0 aria-label="${heading}">
<table>
<caption>${caption}</caption>
<thead><tr>${heads.join("")}</tr></thead>
<tbody>
`;
  let shown = 0;
  for (const row of rows) {
    if (shown === MAX_ROWS) break;
    yield toRowHtml(columns, row);
    shown += 1;
  }
  yield "</tbody>\n</table>\n</div>\n";
}

function toCaption(noun: string, choice: "first" | "worst", total: number): string {
  const count = `${toGroupedDigits(total)} ${noun}${total === 1 ? "" : "s"}`;
  if (total <= MAX_ROWS) return count;
  return `The ${choice} ${toGroupedDigits(MAX_ROWS)} of ${count}. A report whose name ends in .csv has all of them.`;
}

function toRowHtml<R>(columns: readonly ReportColumn<R>[], row: R): string {
  return `<tr>${columns.map((column, index) => toCellHtml(column, row, index === 0)).join("")}</tr>\n`;
}

/** The first cell of a row names it. */
function toCellHtml<R>({ kind, toCell }: ReportColumn<R>, row: R, isFirst: boolean): string {
  const cell = toCell(row);
  const tone = kind === "status" && ALARMING.has(String(cell)) ? `"status alarming"` : kind;
  const html = toVisibleHtml(toCellWords(cell, kind));
  return isFirst ? `<th scope=row class=${tone}>${html}</th>` : `<td class=${tone}>${html}</td>`;
}
