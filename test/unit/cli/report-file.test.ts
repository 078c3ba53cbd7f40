import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkReportFile, VERIFICATION_ENDINGS, withReportFile } from "../../../src/cli/report-file.ts";
import type { RunReport } from "../../../src/core/report.ts";
import { OWNER } from "../../../src/io/abandoned-files.ts";
import { StorageFullError } from "../../../src/io/errors.ts";
import type { FixityCheck } from "../../../src/report/fixity-check.ts";
import { toCsv } from "../../../src/report/to-csv.ts";
import { toPremisXml } from "../../../src/report/to-premis-xml.ts";
import { listTree } from "../../helpers/list-tree.ts";
import { makeReportTable, OK_REPORT, writeReportTable } from "../../helpers/report-table.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const TABLE = makeReportTable([{ path: "a.wav" }]);

describe("the ending says what is written", () => {
  test.each([
    ["reports/a.csv", "\uFEFFtype,"],
    ["a.HTML", "<!DOCTYPE html>"],
  ])("%s", async (name, start) => {
    const folder = await makeTemporaryFolder();
    const path = join(folder, name);
    await checkReportFile(path);
    await writeReportTable(path, TABLE);
    expect((await readFile(path, "utf8")).startsWith(start)).toBe(true);
    expect(await listTree(folder)).toEqual([name]);
  });

  test.each(["a.txt", "a.xml", "a", ".csv", "a.csv.gz", "a.htm"])(
    "%s is refused before a run, naming the others",
    async (name) => {
      const path = join(await makeTemporaryFolder(), name);
      await expect(checkReportFile(path)).rejects.toMatchObject({
        code: "USAGE",
        message: `--report takes a file that ends in .csv or .html: ${path}`,
      });
    },
  );
});

describe("a verification's report", () => {
  const CHECK: FixityCheck = {
    ...{ runId: "run_1", startedAt: OK_REPORT.startedAt, finishedAt: OK_REPORT.finishedAt, outcome: "success" },
    ...{ detail: [], notes: [], places: ["./archive"], toolVersion: "0.1.0", agents: [], findings: [], failures: [] },
  };

  test("may be PREMIS as well", async () => {
    const path = join(await makeTemporaryFolder(), "a.xml");
    await checkReportFile(path, VERIFICATION_ENDINGS);
    const run = async () => OK_REPORT;
    await withReportFile(path, { run, toTable: () => TABLE, toFixityCheck: () => CHECK });
    expect(await readFile(path, "utf8")).toBe([...toPremisXml(CHECK)].join(""));
  });

  test("another ending is refused, naming them all", async () => {
    await expect(checkReportFile("a.json", VERIFICATION_ENDINGS)).rejects.toMatchObject({
      code: "USAGE",
      message: "--report takes a file that ends in .csv, .html or .xml: a.json",
    });
  });
});

describe("what stands there is never replaced", () => {
  test("neither when it stood there before the run nor when it came meanwhile", async () => {
    const folder = await makeTemporaryFolder();
    const path = join(folder, "a.csv");
    await writeFile(path, "earlier");
    await expect(checkReportFile(path)).rejects.toMatchObject({ code: "STORAGE_CONFLICT" });
    expect((await writeReportTable(path, TABLE)).failures).toMatchObject([{ subject: path, code: "STORAGE_CONFLICT" }]);
    expect(await readFile(path, "utf8")).toBe("earlier");
    expect(await listTree(folder)).toEqual(["a.csv"]);
  });

  test("a folder counts as well", async () => {
    const path = join(await makeTemporaryFolder(), "a.html");
    await mkdir(path);
    await expect(checkReportFile(path)).rejects.toMatchObject({ code: "STORAGE_CONFLICT" });
  });
});

test("a long report is written whole, across all pieces that it goes to disk in", async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => ({ path: `${index}/é${"ö".repeat(index % 40)}.wav` }));
  const path = join(await makeTemporaryFolder(), "a.csv");
  await writeReportTable(path, makeReportTable(rows));
  expect(await readFile(path, "utf8")).toBe([...toCsv(makeReportTable(rows))].join(""));
});

test("a report that cannot be made leaves nothing", async () => {
  const folder = await makeTemporaryFolder();
  const table = makeReportTable(Array.from({ length: 5000 }, (_, index) => ({ path: String(index) })));
  const toCell = ({ path }: { path: string }) => {
    if (path === "4999") throw new Error("broken row");
    return path.repeat(20);
  };
  const broken = { ...table, columns: [{ key: "path", label: "File", kind: "text" as const, toCell }] };
  await expect(writeReportTable(join(folder, "a.csv"), broken)).rejects.toThrow("broken row");
  expect(await listTree(folder)).toEqual([]);
});

describe("the run and its file", () => {
  const CANCELLED: RunReport<never> = { ...OK_REPORT, outcome: "cancelled" };

  test("what cannot be written to is told of before the run", async () => {
    const run = async () => {
      throw new Error("it was begun");
    };
    // Nobody can make a file there, not even root.
    const begun = withReportFile("/proc/none/a.csv", { run, toTable: () => TABLE });
    await expect(begun).rejects.toMatchObject({ code: expect.stringMatching(/^STORAGE_/) });
  });

  test("while it runs, its file bears the name of a file in the making", async () => {
    const folder = await makeTemporaryFolder();
    let during: readonly string[] = [];
    const run = async () => {
      during = await listTree(folder);
      return OK_REPORT;
    };
    await withReportFile(join(folder, "a.csv"), { run, toTable: () => TABLE });
    expect(during).toEqual([expect.stringMatching(new RegExp(`^\\.report\\.${OWNER}\\.[0-9a-f]{8}\\.part$`))]);
    expect(await listTree(folder)).toEqual(["a.csv"]);
  });

  test("a run that throws leaves none", async () => {
    const folder = await makeTemporaryFolder();
    const run = async () => {
      throw new StorageFullError("full");
    };
    await expect(withReportFile(join(folder, "a.csv"), { run, toTable: () => TABLE })).rejects.toThrow("full");
    expect(await listTree(folder)).toEqual([]);
  });

  test("one that was cancelled leaves its report", async () => {
    const path = join(await makeTemporaryFolder(), "a.csv");
    const report = await withReportFile(path, { run: async () => CANCELLED, toTable: () => TABLE });
    expect(report).toEqual(CANCELLED);
    expect(await readFile(path, "utf8")).toContain("a.wav");
  });

  test.each([
    ["ok", "partial"],
    ["partial", "partial"],
    ["failed", "failed"],
    ["findings", "findings"],
    ["cancelled", "cancelled"],
  ] as const)("a report that cannot be written is a failure: %s becomes %s", async (outcome, expected) => {
    const folder = await makeTemporaryFolder();
    const path = join(folder, "a.csv");
    const run = async () => {
      await writeFile(path, "another's");
      return { ...OK_REPORT, outcome };
    };
    const report = await withReportFile(path, { run, toTable: () => TABLE });
    expect(report).toMatchObject({ outcome: expected, counts: { planned: 2, done: 1, failed: 1 } });
    expect(report.failures).toMatchObject([{ subject: path, code: "STORAGE_CONFLICT" }]);
    expect(await listTree(folder)).toEqual(["a.csv"]);
  });
});
