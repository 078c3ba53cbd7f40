import { withReportFile } from "../../src/cli/report-file.ts";
import type { RunReport } from "../../src/core/report.ts";
import type { ReportColumn, ReportTable } from "../../src/report/report-table.ts";

/** One row of {@link makeReportTable}. */
export interface TestRow {
  readonly path: string;
  readonly status?: string;
  readonly sizeBytes?: number;
  readonly seconds?: number;
  readonly sha256?: string;
}

const COLUMNS: readonly ReportColumn<TestRow>[] = [
  { key: "path", label: "File", kind: "text", toCell: ({ path }) => path },
  { key: "status", label: "Status", kind: "status", toCell: ({ status }) => status },
  { key: "sizeBytes", label: "Size", kind: "bytes", toCell: ({ sizeBytes }) => sizeBytes },
  { key: "durationSeconds", label: "Length", kind: "seconds", toCell: ({ seconds }) => seconds },
  { key: "sha256", label: "SHA-256", kind: "digest", toCell: ({ sha256 }) => sha256 },
];

/** Makes a report about files. */
export function makeReportTable(
  rows: readonly TestRow[],
  { findings = [], failures = [], headlines = ["1 file was converted."] }: Partial<ReportTable<TestRow>> = {},
): ReportTable<TestRow> {
  const facts = [{ label: "Started", value: "2026-01-01T00:00:00.000Z" }];
  return { title: "Conversion", headlines, facts, columns: COLUMNS, rows, findings, failures };
}

/** The report of a run that did one thing. */
export const OK_REPORT: RunReport<never> = {
  startedAt: "2026-01-01T00:00:00.000Z",
  finishedAt: "2026-01-01T00:00:01.000Z",
  outcome: "ok",
  counts: { planned: 1, done: 1, skipped: 0, failed: 0, findings: 0, bytes: 0 },
  results: [],
  findings: [],
  failures: [],
};

/** Writes a report to a file, as if a run had ended with it. */
export async function writeReportTable(path: string, table: ReportTable<TestRow>): Promise<RunReport<TestRow>> {
  return withReportFile(path, { run: async () => OK_REPORT, toTable: () => table });
}

/** Names of files that a reader, a browser or a spreadsheet would be misled by, each in its own way. */
export const HOSTILE_NAMES = [
  "<script>document.title='taken'</script>.wav",
  "</td></table><img src=x onerror=alert(1)>.wav",
  "\"onmouseover=alert(1) x='.wav",
  "&lt;b&gt;.wav",
  "invoice\u202Egpj.wav",
  "a\u200Bb.wav",
  "bell\u0007\u001B[31m.wav",
  '=HYPERLINK("http://x","y").wav',
  "-- a, b\r\n=1+1;=2.wav",
] as const;
