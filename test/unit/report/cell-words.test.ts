import { expect, test } from "vitest";
import { toCellWords } from "../../../src/report/cell-words.ts";
import type { ColumnKind, ReportCell } from "../../../src/report/report-table.ts";

test.each<[ColumnKind, ReportCell, string]>([
  ["bytes", 0, "0 B"],
  ["bytes", 999, "999 B"],
  ["bytes", 1234567, "1,234,567 B"],
  ["number", -1234.5678, "-1,234.5678"],
  ["number", 16000, "16,000"],
  ["seconds", 0, "0:00.0"],
  ["seconds", 59.949, "0:59.9"],
  ["seconds", 59.96, "1:00.0"],
  ["seconds", 3599.99, "1:00:00.0"],
  ["seconds", 36061.25, "10:01:01.3"],
  ["bytes", undefined, "–"],
  ["status", "refused", "refused"],
])("%s: %j is %s", (kind, cell, words) => {
  expect(toCellWords(cell, kind)).toBe(words);
});
