import { toGroupedDigits } from "./cell-words.ts";
import { escapeHtml, toVisibleHtml } from "./html-text.ts";
import type { ReportChart } from "./report-table.ts";

/** A bar is seen from so many of a thousand parts of the longest one. */
const SEEN_PARTS = 4;

/**
 * Draws a chart as a table, one bar in each row, so that the numbers can be read without seeing, and each bar is as wide as
 * the paper or the screen lets it.
 */
export function toChartHtml({ title, caption, heads, bars }: ReportChart): string {
  const longest = Math.max(1, ...bars.map(({ value }) => value));
  const [labelHead, valueHead] = heads.map(escapeHtml);
  return `<h2>${escapeHtml(title)}</h2>
<table class=chart>
<caption>${toVisibleHtml(caption)}</caption>
<thead><tr><th scope=col>${labelHead}</th><th scope=col class=number>${valueHead}</th><td></td></tr></thead>
<tbody>
${bars.map(({ label, value }) => toBarHtml(label, value, longest)).join("")}</tbody>
</table>
`;
}

function toBarHtml(label: string, value: number, longest: number): string {
  const parts = value === 0 ? 0 : Math.max(SEEN_PARTS, Math.round((value / longest) * 1000));
  const bar = `<svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${parts}" height="10"></rect></svg>`;
  return `<tr><th scope=row>${toVisibleHtml(label)}</th><td class=number>${toGroupedDigits(value)}</td><td class=bar>${bar}</td></tr>\n`;
}
