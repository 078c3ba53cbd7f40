import type { RunReport } from "../core/report.ts";
import { TOOL_VERSION } from "../core/tool-version.ts";
import type { Confinement } from "../ffmpeg/confinement.ts";
import type { Ffmpeg } from "../ffmpeg/ffmpeg.ts";
import type { ReportColumn, ReportTable } from "../report/report-table.ts";
import type { ConvertResult } from "../transcode/convert-result.ts";

/** What a conversion was made with. */
export interface ConvertTools {
  readonly ffmpeg: Ffmpeg;
  readonly confinement: Confinement;
  readonly summary: readonly string[];
}

const COLUMNS: readonly ReportColumn<ConvertResult>[] = [
  { key: "status", label: "Status", kind: "status", toCell: ({ status }) => status },
  { key: "source", label: "Source", kind: "text", toCell: ({ source }) => source.path },
  { key: "output", label: "Output", kind: "text", toCell: ({ output }) => output.path },
  { key: "profile", label: "Profile", kind: "text", toCell: ({ profile }) => profile },
  { key: "seconds", label: "Length", kind: "seconds", toCell: toSeconds },
  { key: "sizeBytes", label: "Size", kind: "bytes", toCell: ({ output }) => output.sizeBytes },
  { key: "sourceSha256", label: "SHA-256 of the source", kind: "digest", toCell: ({ source }) => source.sha256 },
  { key: "outputSha256", label: "SHA-256 of the output", kind: "digest", toCell: ({ output }) => output.sha256 },
  { key: "remarks", label: "Remarks", kind: "text", toCell: ({ remarks }) => remarks?.join("; ") },
];

/** To the millisecond: more digits are of no use to a reader, and make a spreadsheet's column too wide. */
function toSeconds({ output }: ConvertResult): number | undefined {
  return output.durationSeconds === undefined ? undefined : Math.round(output.durationSeconds * 1000) / 1000;
}

/** Puts a conversion's report to paper. */
export function toConvertTable(
  report: RunReport<ConvertResult>,
  { ffmpeg, confinement, summary }: ConvertTools,
): ReportTable<ConvertResult> {
  const { startedAt, finishedAt, outcome, results, findings, failures } = report;
  return {
    title: "Conversion of recordings",
    headlines: summary,
    facts: [
      { label: "Outcome", value: outcome },
      { label: "Began", value: startedAt },
      { label: "Ended", value: finishedAt },
      { label: "Made by", value: `holdfast ${TOOL_VERSION}` },
      { label: "Encoder", value: `ffmpeg ${ffmpeg.version}, SHA-256 ${ffmpeg.sha256}` },
      { label: "Confinement of the encoder", value: confinement.description },
    ],
    columns: COLUMNS,
    rows: results,
    findings,
    failures,
  };
}
