import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HAS_BROWSER, NO_BROWSER, openInBrowser } from "../helpers/open-in-browser.ts";
import { HOSTILE_NAMES, makeReportTable, writeReportTable } from "../helpers/report-table.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

const HOSTILE_TABLE = makeReportTable(
  HOSTILE_NAMES.map((path) => ({ path, status: "refused", sha256: path })),
  {
    headlines: HOSTILE_NAMES,
    failures: HOSTILE_NAMES.map((subject) => ({ subject, code: "X", message: subject, retryable: false })),
    findings: HOSTILE_NAMES.map((subject) => ({ kind: "missing", subject, message: subject, detail: {} })),
  },
);

/** How often each kind of element stands in a document; the browser has escaped all text in it. */
function countElements(dom: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const page = dom.replace(/<style>[\s\S]*?<\/style>/, "");
  for (const [, name = ""] of page.matchAll(/<([a-z][a-z0-9]*)/g)) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

test("no name becomes an element, and the browser has nothing to complain of", async ({ skip }) => {
  skip(!HAS_BROWSER, NO_BROWSER);
  const path = join(await makeTemporaryFolder(), "report.html");
  await writeReportTable(path, HOSTILE_TABLE);
  const { dom, console } = await openInBrowser(path);
  expect(console).toEqual([]);
  const names = HOSTILE_NAMES.length;
  const hidden = [...dom.matchAll(/class="hidden"/g)].length;
  expect(hidden).toBeGreaterThan(names);
  expect(countElements(dom)).toEqual({
    ...{ html: 1, head: 1, meta: 3, title: 1, body: 1, main: 1, h1: 1, h2: 4, p: names, dl: 1, dt: 1, dd: 1 },
    ...{ div: 3, table: 3, caption: 3, thead: 3, tbody: 3, tr: 3 + 3 * names, span: hidden },
    ...{ th: 3 + 3 + 5 + 3 * names, td: (2 + 2 + 4) * names },
  });
});

test("were one to become a script all the same, the page's policy would not let it run", async ({ skip }) => {
  skip(!HAS_BROWSER, NO_BROWSER);
  const path = join(await makeTemporaryFolder(), "report.html");
  await writeReportTable(path, HOSTILE_TABLE);
  const page = await readFile(path, "utf8");
  const script =
    "<script>document.title = 'taken'</script><img src='http://127.0.0.1:9/' onerror='document.title = 1'>";
  const broken = join(await makeTemporaryFolder(), "broken.html");
  await writeFile(broken, page.replace("<h1>", `${script}<h1>`));
  const { dom, console } = await openInBrowser(broken);
  expect(dom).toContain("<title>Conversion</title>");
  expect(console.filter((line) => line.includes("Content Security Policy"))).toHaveLength(3);
});
