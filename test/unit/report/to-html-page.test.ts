import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { toHtmlPage } from "../../../src/report/to-html-page.ts";
import { HOSTILE_NAMES, makeReportTable } from "../../helpers/report-table.ts";

function toPage(...input: Parameters<typeof makeReportTable>): string {
  return [...toHtmlPage(makeReportTable(...input))].join("");
}

test("the outcome comes first, then what was not done, what was found, the run, the results", () => {
  const page = toPage([{ path: "a.wav" }], {
    failures: [{ subject: "b.wav", code: "MEDIA_NOT_AUDIO", message: "no audio", retryable: false }],
    findings: [{ kind: "truncated", subject: "c.wav", message: "cut short", detail: {} }],
  });
  const order = ["1 file was converted.", "What was not done", "no audio", "What was found", "cut short"];
  const places = [...order, "The run", "Started", "Results", "a.wav"].map((text) => page.indexOf(text));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
});

test("what there is none of is said", () => {
  const page = toPage([]);
  expect([...page.matchAll(/<p>(No .*)<\/p>/g)].map(([, text]) => text)).toEqual([
    "No failures.",
    "No findings.",
    "No results.",
  ]);
  expect(page).not.toContain("<table");
});

test("the only style is the one that the policy allows, and nothing else is allowed", () => {
  const page = toPage([]);
  const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
  const hash = createHash("sha256").update(style).digest("base64");
  expect(policy).toBe(`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`);
});

test("no text from outside becomes markup, wherever it stands", () => {
  const detail = { expected: HOSTILE_NAMES[0], found: HOSTILE_NAMES[1] };
  const tags = (name: string) => {
    const page = toPage([{ path: name, status: name, sha256: name }], {
      headlines: [name, name],
      failures: [{ subject: name, code: name, message: name, retryable: false }],
      findings: [{ kind: "missing", subject: name, message: name, detail }],
    });
    return page.match(/<[^>]*>/g)?.filter((tag) => tag !== "<span class=hidden>" && tag !== "</span>");
  };
  for (const name of HOSTILE_NAMES) expect(tags(name)).toEqual(tags("a.wav"));
});

describe("columns of findings", () => {
  const toFinding = (detail: object) => ({ kind: "missing", subject: "a", message: "b", detail }) as const;

  test("show expected and found where a finding has them", () => {
    const page = toPage([], { findings: [toFinding({}), toFinding({ expected: 7 })] });
    expect(page).toContain("<th scope=col class=digest>Expected</th>");
    expect(page).toContain("<td class=digest>7</td>");
  });

  test("leave them out where none has", () => {
    expect(toPage([], { findings: [toFinding({ lostSeconds: 3 })] })).not.toContain("Expected");
  });
});

test("a status that must not be overlooked is marked", () => {
  const page = toPage([
    { path: "a", status: "refused" },
    { path: "b", status: "encoded" },
  ]);
  expect(page).toContain(`<td class="status alarming">refused</td>`);
  expect(page).toContain("<td class=status>encoded</td>");
});

test("a long report shows the first rows and says so", () => {
  const rows = Array.from({ length: 10_001 }, (_, index) => ({ path: `row-${index + 1}.wav` }));
  const page = toPage(rows);
  expect(page).toContain("The first 10,000 of 10,001 results. A report whose name ends in .csv has all of them.");
  expect(page).toContain("row-10000.wav");
  expect(page).not.toContain("row-10001.wav");
  expect(toPage(rows.slice(1))).toContain("<caption>10,000 results</caption>");
});

test("many findings: the worst are shown, and come first", () => {
  const kinds = Array.from({ length: 10_001 }, (_, index) => (index === 10_000 ? "missing" : "unexpected"));
  const findings = kinds.map((kind, index) => ({ kind, subject: `f${index}.wav`, message: "", detail: {} }) as const);
  const page = toPage([], { findings });
  expect(page).toContain("The worst 10,000 of 10,001 findings.");
  expect(page.indexOf("f10000.wav")).toBeLessThan(page.indexOf("f0.wav"));
  expect(page).not.toContain("f9999.wav");
});
