import { toCsvField } from "../io/csv-field.ts";
import type { ReportCell, ReportTable } from "./report-table.ts";

/** Without it Excel reads UTF-8 as the country's old code page. */
const BYTE_ORDER_MARK = "\uFEFF";

const PROBLEM_KEYS = ["subject", "code", "message", "expected", "found"];

/**
 * Writes a report as CSV, piece by piece: failures, findings, then the results, told apart by the column `type`. Results
 * have the table's own columns, the others `subject`, `code` (a finding's kind), `message`, `expected` and `found`.
 *
 * UTF-8 with a byte order mark, lines end with CRLF. Texts are as they are, but have a `'` where a spreadsheet would
 * begin a formula.
 *
 * @see RFC 4180 section 2
 */
export function* toCsv<R>({ columns, rows, failures, findings }: ReportTable<R>): Generator<string> {
  const noResult = columns.map(() => undefined);
  yield BYTE_ORDER_MARK + toLine(["type", ...columns.map(({ key }) => key), ...PROBLEM_KEYS]);
  for (const { subject, code, message } of failures)
    yield toLine(["failure", ...noResult, subject, code, message, "", ""]);
  for (const { subject, kind, message, detail } of findings) {
    yield toLine(["finding", ...noResult, subject, kind, message, detail.expected, detail.found]);
  }
  const noProblem = PROBLEM_KEYS.map(() => undefined);
  for (const row of rows) yield toLine(["result", ...columns.map(({ toCell }) => toCell(row)), ...noProblem]);
}

function toLine(cells: readonly ReportCell[]): string {
  return `${cells.map(toField).join(",")}\r\n`;
}

function toField(cell: ReportCell): string {
  if (cell === undefined) return "";
  return typeof cell === "number" ? String(cell) : toCsvField(cell);
}
