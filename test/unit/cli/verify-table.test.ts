import { describe, expect, test } from "vitest";
import { toAgeChart, toOldestAge, toOldestLines } from "../../../src/cli/age-words.ts";
import { toFixityCheck, toHeadlines, toVerifyTable, type VerifyFacts } from "../../../src/cli/verify-table.ts";
import type { CheckAges } from "../../../src/core/verification.ts";
import type { VerifyReport } from "../../../src/fixity/verify-run.ts";

const NOW = "2026-11-22T00:00:00.000Z";
const NOW_MS = Date.parse(NOW);
const DAY_MS = 86_400_000;

const NO_GROUNDS = { digest: 0, size: 0, name: 0, itself: 0 };

function makeReport(parts: Partial<VerifyReport> = {}): VerifyReport {
  const counts = { planned: 3, done: 3, skipped: 0, failed: 0, findings: 0, bytes: 3000 };
  return {
    ...{ startedAt: "2026-11-21T23:00:00.000Z", finishedAt: NOW, outcome: "ok", counts, mended: 0, unopened: 0 },
    ...{ results: [], findings: [], failures: [], tally: { ok: 3, damaged: 0, missing: 0, unreachable: 0 } },
    grounds: { ...NO_GROUNDS, digest: 3 },
    ...parts,
  };
}

const FACTS: VerifyFacts = {
  ...{ noun: "archive", location: "./archive", level: "digest", request: undefined, runId: "run_1" },
  ...{ ages: undefined, remarks: [] },
};

const AGES: CheckAges = {
  oldestMs: NOW_MS - 41.9 * DAY_MS,
  neverChecked: 2,
  byDay: [0, 1, 7, 8, 30, 31, 90, 91, 365, 366].map((days) => ({ days, recordings: 1 + days })),
};

const toFirst = (parts: Partial<VerifyReport>, facts: Partial<VerifyFacts> = {}) =>
  toHeadlines(makeReport(parts), { ...FACTS, ...facts })[0];

describe("the headline says no more than was checked", () => {
  test.each([
    [{ size: 3 }, "there with the recorded size"],
    [{ name: 3 }, "there, which is all that was looked at"],
    [{ digest: 3 }, "what was recorded"],
    [{ itself: 3 }, "without damage that shows, with nothing recorded to hold them against"],
    [{ digest: 2, name: 1 }, "ok: 2 are what was recorded; 1 are there, which is all that was looked at"],
  ] as const)("of files that were held against %o", (grounds, words) => {
    const headline = `all 3 files that were looked at are ${words}`;
    expect(toFirst({ grounds: { ...NO_GROUNDS, ...grounds } })).toBe(headline);
  });

  test("what is not as recorded is counted, the worst first", () => {
    const tally = { ok: 1000, damaged: 2, missing: 1, unreachable: 4 };
    expect(toFirst({ tally })).toBe(
      "7 of 1,007 files are not as they should be: 1 missing, 4 not to be read, 2 damaged",
    );
  });

  test("when nothing was looked at, nothing is said of files", () => {
    expect(toFirst({ tally: { ok: 0, damaged: 0, missing: 0, unreachable: 0 } })).toBe("no file was looked at");
  });

  test.each([
    ["exhausted", "not looked at: 2 files, for the budget was spent"],
    ["cancelled", "not looked at: 2 files, for the run was cancelled"],
    ["stopped", "not looked at: 2 files, for the run could not go on"],
  ] as const)("what was not looked at is told of: %s", (ending, line) => {
    const counts = { ...makeReport().counts, planned: 5 };
    expect(toHeadlines(makeReport({ counts, ending }), FACTS)).toContain(line);
  });
});

test("kinds of findings, failures and what was mended are counted", () => {
  const kinds = ["unexpected", "missing", "unexpected"] as const;
  const findings = kinds.map((kind) => ({ kind, subject: "a", message: "b", detail: {} }));
  const failures = [{ subject: "a", code: "SIDECAR_INVALID", message: "b", retryable: false }];
  const counts = { ...makeReport().counts, planned: 4, failed: 1 };
  const lines = toHeadlines(makeReport({ findings, failures, counts, mended: 1 }), FACTS);
  expect(lines.slice(1, 4)).toEqual([
    "read again since, and right now: 1 file",
    "found: 1 missing, 2 unexpected",
    "not looked at as was asked for, because of a failure: 1",
  ]);
});

describe("ages", () => {
  test("the oldest is told in whole days, for people and for scripts", () => {
    expect(toOldestLines(AGES, NOW_MS)).toEqual([
      "oldest unverified: 41 days; never looked at since they were stored: 2 recordings",
    ]);
    expect(toOldestAge(AGES, NOW_MS)).toMatchObject({ days: 41, neverChecked: 2 });
    expect(toOldestLines({ ...AGES, neverChecked: 0 }, AGES.oldestMs ?? 0)).toEqual(["oldest unverified: 0 days"]);
    expect(toOldestLines({ oldestMs: undefined, neverChecked: 0, byDay: [] }, NOW_MS)).toEqual([]);
  });

  test("the chart counts each recording once, by its last whole day", () => {
    const { bars, caption } = toAgeChart(AGES, "digest");
    expect(bars).toEqual([
      { label: "today", value: 1 },
      { label: "1–7 days", value: 2 + 8 },
      { label: "8–30 days", value: 9 + 31 },
      { label: "31–90 days", value: 32 + 91 },
      { label: "91–365 days", value: 92 + 366 },
      { label: "over a year", value: 367 },
    ]);
    expect(caption).toMatch(/counts from when it was stored\. Never looked at since: 2 recordings\.$/);
  });
});

test("the page has the run's facts, and a chart only where ages are known", () => {
  const table = toVerifyTable(makeReport(), { ...FACTS, ages: AGES, remarks: ["fetch.txt is not followed"] });
  expect(table.headlines.at(-1)).toMatch(/^Oldest unverified: 41 days; .*\.$/);
  expect(table.facts).toContainEqual({ label: "Run", value: "run_1" });
  expect(table.facts).toContainEqual({ label: "Remark", value: "fetch.txt is not followed" });
  expect(table.chart?.bars).toHaveLength(6);
  expect(toVerifyTable(makeReport(), FACTS).chart).toBeUndefined();
});

test.each([
  ["ok", "success"],
  ["partial", "fail"],
  ["findings", "fail"],
  ["cancelled", "fail"],
] as const)("as an event, a run that ended %s is a %s", (outcome, expected) => {
  const check = toFixityCheck(makeReport({ outcome }), { ...FACTS, request: "older than 30 days" });
  expect(check).toMatchObject({ outcome: expected, runId: "run_1", places: ["./archive"] });
  expect(check.detail).toContain("Selection: older than 30 days.");
});
