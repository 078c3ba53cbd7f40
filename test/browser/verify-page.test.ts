import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toAgeChart } from "../../src/cli/age-words.ts";
import { toHtmlPage } from "../../src/report/to-html-page.ts";
import { HAS_BROWSER, NO_BROWSER, openInBrowser } from "../helpers/open-in-browser.ts";
import { makeReportTable } from "../helpers/report-table.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

test("the chart of ages is drawn under the page's policy, a bar in each row", async ({ skip }) => {
  skip(!HAS_BROWSER, NO_BROWSER);
  const byDay = [
    { days: 0, recordings: 30 },
    { days: 40, recordings: 60 },
  ];
  const chart = toAgeChart({ oldestMs: 0, neverChecked: 0, byDay }, "digest");
  const path = join(await makeTemporaryFolder(), "report.html");
  await writeFile(path, [...toHtmlPage({ ...makeReportTable([{ path: "a.wav" }]), chart })].join(""));
  const { dom, console } = await openInBrowser(path);
  expect(console).toEqual([]);
  expect([...dom.matchAll(/<rect width="(\d+)"/g)].map(([, width]) => Number(width))).toEqual([500, 0, 0, 1000, 0, 0]);
});
