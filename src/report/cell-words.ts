import type { ColumnKind, ReportCell } from "./report-table.ts";

/** Writes a cell for a person: `1,024 B`, `29:07.4`, and a dash where nothing is known. */
export function toCellWords(cell: ReportCell, kind: ColumnKind): string {
  if (cell === undefined) return "–";
  if (typeof cell === "string") return cell;
  if (kind === "bytes") return `${toGroupedDigits(cell)} B`;
  return kind === "seconds" ? toTimeWords(cell) : toGroupedDigits(cell);
}

/** Writes a number with its thousands set off by commas. */
export function toGroupedDigits(value: number): string {
  const [whole = "", fraction] = String(value).split(".");
  const grouped = whole.replaceAll(/(?<=\d)(?=(?:\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function toTimeWords(seconds: number): string {
  // Rounded once, so that 59.96 s is 1:00.0 and never 0:60.0.
  const tenths = Math.round(seconds * 10);
  const [hours, minutes] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60];
  const rest = ((tenths % 600) / 10).toFixed(1).padStart(4, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}
