import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { toCsv } from "../../../src/report/to-csv.ts";
import { HOSTILE_NAMES, makeReportTable } from "../../helpers/report-table.ts";

/** Reads with another program's reader what was written. */
function readBack(text: string): readonly Record<string, string>[] {
  return parse(text, { bom: true, columns: true, record_delimiter: "\r\n" });
}

test("failures, findings and results share one table, byte for byte", () => {
  const table = makeReportTable(
    [{ path: "a, b.wav", status: "encoded", sizeBytes: 1234, seconds: -0.5, sha256: "00" }],
    {
      failures: [{ subject: "b.wav", code: "MEDIA_NOT_AUDIO", message: 'it "is" no audio', retryable: false }],
      findings: [{ kind: "size-mismatch", subject: "c.wav", message: "longer", detail: { expected: 1, found: 2 } }],
    },
  );
  expect([...toCsv(table)].join("")).toBe(
    [
      "\uFEFFtype,path,status,sizeBytes,durationSeconds,sha256,subject,code,message,expected,found",
      'failure,,,,,,b.wav,MEDIA_NOT_AUDIO,"it ""is"" no audio",,',
      "finding,,,,,,c.wav,size-mismatch,longer,1,2",
      'result,"a, b.wav",encoded,1234,-0.5,00,,,,,',
      "",
    ].join("\r\n"),
  );
});

test("hostile names come back whole, but for the mark of what is no formula", () => {
  const rows = readBack([...toCsv(makeReportTable(HOSTILE_NAMES.map((path) => ({ path }))))].join(""));
  const [header, ...names] = ["path", ...HOSTILE_NAMES];
  expect(rows.map((row) => row[header ?? ""]?.replaceAll(/^'|(?<=[;\n])'/g, ""))).toEqual(names);
});

describe("no cell begins a formula, wherever a spreadsheet divides cells", () => {
  test.each([
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-a.wav", "'-a.wav"],
    ["@SUM(1)", "'@SUM(1)"],
    ["\t=1", "'\t'=1"],
    ["\r=1", "'\r'=1"],
    ["\uFF1D1", "'\uFF1D1"],
    ["a;=1", "a;'=1"],
    ["a\n@b", "a\n'@b"],
    ["a=1;b-2", "a=1;b-2"],
    ["2024-01-15", "2024-01-15"],
  ])("%j", (path, written) => {
    expect(readBack([...toCsv(makeReportTable([{ path }]))].join(""))[0]?.["path"]).toBe(written);
  });
});
