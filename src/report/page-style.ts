/** How the page looks, on a screen of any width and on A4. */
export const PAGE_STYLE = `
:root { color-scheme: light; font: 16px/1.45 system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
body { margin: 0; color: #1a1a1a; background: #fff; }
main { max-width: 100rem; margin: 0 auto; padding: 2rem 1.5rem 3rem; }
h1 { margin: 0 0 .75rem; font-size: 1.6rem; line-height: 1.2; }
h2 { margin: 2rem 0 .5rem; font-size: 1.15rem; }
p { max-width: 70ch; margin: .25rem 0; }
.headline { font-size: 1.15rem; font-weight: 600; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1.5rem; margin: 0; }
dt { color: #555; }
dd { margin: 0; }
dd, .text { overflow-wrap: anywhere; white-space: pre-wrap; }
table { width: 100%; border-collapse: collapse; font-size: .85rem; }
caption { padding-bottom: .4rem; color: #555; text-align: left; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid #d8d8d8; text-align: left; vertical-align: top; font-weight: 400; }
thead th { border-bottom: 2px solid #1a1a1a; background: #fff; font-weight: 600; vertical-align: bottom; }
.text { min-width: 12ch; }
.status { white-space: nowrap; }
.alarming { color: #a40000; font-weight: 600; }
.number, .bytes, .seconds { text-align: right; }
td.number, td.bytes, td.seconds { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.digest { min-width: 32ch; font: .75rem/1.4 ui-monospace, "Liberation Mono", Consolas, monospace; word-break: break-all; }
.chart { max-width: 60rem; }
.chart th, .chart td.number { width: 1%; white-space: nowrap; }
.chart thead td { border-bottom: 2px solid #1a1a1a; }
.chart svg { display: block; width: 100%; height: 1.1em; }
.chart rect { fill: #2f5d8a; }
.hidden { padding: 0 .2em; border: 1px solid #a40000; border-radius: 3px; color: #a40000; font: .8em ui-monospace, "Liberation Mono", Consolas, monospace; white-space: nowrap; }
@media screen { thead th { position: sticky; top: 0; } }
@media screen and (max-width: 60rem) {
  main { padding: 1rem; }
  .scroll { overflow-x: auto; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-bottom: .4rem; }
}
@media print {
  @page { size: A4 landscape; margin: 14mm 12mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; } }
  :root { font-size: 9pt; }
  main { max-width: none; padding: 0; }
  h2 { break-after: avoid; }
  table { font-size: 7.5pt; }
  th, td { padding: 1.2mm 1.5mm; }
  td.digest { min-width: 16ch; font-size: 6.5pt; }
  thead { display: table-header-group; break-after: avoid; }
  caption { break-after: avoid; }
  tr { break-inside: avoid; }
  tbody tr:first-child { break-before: avoid; }
}
`;
