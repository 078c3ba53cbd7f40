import { expect, test } from "vitest";
import { toChartHtml } from "../../../src/report/chart-html.ts";
import { toHtmlPage } from "../../../src/report/to-html-page.ts";
import { makeReportTable } from "../../helpers/report-table.ts";

const CHART = {
  title: "Since when",
  caption: "<All> of them",
  heads: ["Age", "Recordings"],
  bars: [
    { label: "today", value: 200_000 },
    { label: "old", value: 50_000 },
    { label: "very old", value: 1 },
    { label: "never", value: 0 },
  ],
} as const;

const toWidths = (html: string) => [...html.matchAll(/<rect width="(\d+)"/g)].map(([, width]) => Number(width));

test("bars are as long as what they count, one is seen however small, and none where there is nothing", () => {
  expect(toWidths(toChartHtml(CHART))).toEqual([1000, 250, 4, 0]);
  expect(toWidths(toChartHtml({ ...CHART, bars: [{ label: "never", value: 0 }] }))).toEqual([0]);
});

test("who does not see the bars can read the table", () => {
  const rows = [...toChartHtml(CHART).matchAll(/<tr><th scope=row>(.*?)<\/th><td class=number>(.*?)<\/td>/g)];
  expect(rows.map(([, label, value]) => [label, value])).toEqual([
    ["today", "200,000"],
    ["old", "50,000"],
    ["very old", "1"],
    ["never", "0"],
  ]);
  expect(toChartHtml(CHART)).toContain("&lt;All&gt; of them");
});

test("it stands between the run and the results, where there is one", () => {
  const table = makeReportTable([{ path: "a.wav" }]);
  const page = [...toHtmlPage({ ...table, chart: CHART })].join("");
  const places = ["<h2>The run", "<h2>Since when", "<h2>Results"].map((text) => page.indexOf(text));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect([...toHtmlPage(table)].join("")).not.toContain("<svg");
});
