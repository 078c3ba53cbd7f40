import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkReportFile, writeReportFile } from "../../../src/cli/report-file.ts";
import { toCsv } from "../../../src/report/to-csv.ts";
import { listTree } from "../../helpers/list-tree.ts";
import { makeReportTable } from "../../helpers/report-table.ts";
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
    await writeReportFile(path, TABLE);
    expect((await readFile(path, "utf8")).startsWith(start)).toBe(true);
    expect(await listTree(folder)).toEqual([name]);
  });

  test.each(["a.txt", "a", ".csv", "a.csv.gz", "a.htm"])(
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

describe("what stands there is never replaced", () => {
  test("neither when it stood there before the run nor when it came meanwhile", async () => {
    const folder = await makeTemporaryFolder();
    const path = join(folder, "a.csv");
    await writeFile(path, "earlier");
    await expect(checkReportFile(path)).rejects.toMatchObject({ code: "STORAGE_CONFLICT" });
    await expect(writeReportFile(path, TABLE)).rejects.toMatchObject({ code: "STORAGE_CONFLICT" });
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
  await writeReportFile(path, makeReportTable(rows));
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
  await expect(writeReportFile(join(folder, "a.csv"), broken)).rejects.toThrow("broken row");
  expect(await listTree(folder)).toEqual([]);
});
