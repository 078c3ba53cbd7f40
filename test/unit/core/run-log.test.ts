import { describe, expect, test } from "vitest";
import { NothingToDoError } from "../../../src/core/errors.ts";
import { type Counts, type Outcome, type RunEnding, toOutcome } from "../../../src/core/report.ts";
import { LargeRunLog, type RunEvent, RunLog } from "../../../src/core/run-log.ts";
import { Spool } from "../../../src/io/spool.ts";

const clock = { now: () => Date.parse("2026-01-01T00:00:00Z") };

test("the report counts what ended, and events tell it as it happens", () => {
  const events: RunEvent[] = [];
  const log = new RunLog<string>({ clock, concurrency: 1, onEvent: (event) => events.push(event) });
  log.planned(3, [{ subject: "line 2", error: new NothingToDoError("nothing") }]);
  log.ended({ type: "done", result: "a", bytes: 10, audioSeconds: 2 });
  log.ended({ type: "skipped", result: "b" });
  log.ended({ type: "failed", result: "c", subject: "c", error: new NothingToDoError("no") });
  log.found([{ kind: "missing", subject: "x", message: "gone", detail: {} }]);
  const report = log.toReport("completed");
  expect(report.counts).toEqual({ planned: 4, done: 1, skipped: 1, failed: 2, findings: 1, bytes: 10 });
  expect(report.results).toEqual(["a", "b", "c"]);
  expect(report.failures.map(({ subject, code }) => [subject, code])).toEqual([
    ["line 2", "NOTHING_TO_DO"],
    ["c", "NOTHING_TO_DO"],
  ]);
  expect(report.outcome).toBe("findings");
  expect(events.map((event) => event.type)).toEqual(["planned", "ended", "ended", "ended", "ended"]);
});

test("one error that several things share is told of once and counted for each", () => {
  const log = new RunLog<string>({ clock, concurrency: 1 });
  const error = new NothingToDoError("no");
  log.planned(2, []);
  for (const result of ["a", "b"]) log.ended({ type: "failed", result, subject: "s", error });
  const { counts, failures } = log.toReport("completed");
  expect([counts.failed, failures.length]).toEqual([2, 1]);
});

test("a bug is no failure", () => {
  const log = new RunLog<string>({ clock, concurrency: 1 });
  const bug = new TypeError("x is not a function");
  expect(() => log.ended({ type: "failed", result: "a", subject: "a", error: bug })).toThrow(bug);
});

test("results and findings that are gathered elsewhere are the report's", () => {
  const store = { results: new Spool<number>({ heldItems: 1 }), findings: [] };
  const log = new LargeRunLog<number>({ clock, concurrency: 1 }, store);
  log.planned(3000, []);
  for (let result = 0; result < 2500; result += 1) log.ended({ type: "done", result, bytes: 1, audioSeconds: 0 });
  const report = log.toReport("exhausted");
  expect(report).toMatchObject({ outcome: "partial", ending: "exhausted", counts: { planned: 3000, done: 2500 } });
  expect([...report.results].at(-1)).toBe(2499);
  store.results.close();
});

describe("outcome", () => {
  const none: Counts = { planned: 0, done: 0, skipped: 0, failed: 0, findings: 0, bytes: 0 };
  const cases: readonly (readonly [Partial<Counts>, RunEnding, Outcome])[] = [
    [{ done: 1 }, "completed", "ok"],
    [{ failed: 1 }, "completed", "failed"],
    [{ failed: 1, done: 1 }, "completed", "partial"],
    [{ failed: 1, skipped: 1 }, "completed", "partial"],
    [{ failed: 1, done: 1, findings: 1 }, "completed", "findings"],
    [{ failed: 1, done: 5 }, "stopped", "failed"],
    [{ findings: 1 }, "stopped", "findings"],
    [{ done: 1, findings: 1 }, "cancelled", "cancelled"],
    [{ done: 1 }, "exhausted", "partial"],
    [{}, "exhausted", "partial"],
    [{ done: 1, findings: 1 }, "exhausted", "findings"],
  ];
  test.each(cases)("%o %s -> %s", (counts, ending, outcome) => {
    expect(toOutcome({ ...none, ...counts }, ending)).toBe(outcome);
  });
});
