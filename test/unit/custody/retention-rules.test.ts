import { describe, expect, test } from "vitest";
import type { Direction } from "../../../src/core/call-details.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import { judgeRetention, type RetentionRule, toRuleWords } from "../../../src/custody/retention-rules.ts";

const DAY_MS = 86_400_000;
const NOW_MS = Date.parse("2026-03-01T12:00:00Z");
const ID = parseRecordingId("rec_1");
const LISTED = new Set([ID]);
const OTHERS = new Set([parseRecordingId("rec_2")]);

const all = (term: RetentionRule["term"]): RetentionRule => ({
  ...{ name: "all", term, direction: undefined, listed: undefined },
});
const days = (count: number): RetentionRule["term"] => ({ kind: "older-than", ageMs: count * DAY_MS });
const keep: RetentionRule["term"] = { kind: "keep" };
const atOnce: RetentionRule["term"] = { kind: "at-once" };
const inbound = (term: RetentionRule["term"]): RetentionRule => ({
  ...all(term),
  name: "inbound",
  direction: "inbound",
});
const list = (term: RetentionRule["term"], listed = LISTED): RetentionRule => ({ ...all(term), name: "list", listed });

/** What the rules say of rec_1, so many days old; a number that is due bears the name of the rule. */
function judge(rules: readonly RetentionRule[], ageDays: number, direction?: Direction): string {
  const subject = { recordingId: ID, createdAtMs: NOW_MS - ageDays * DAY_MS, call: direction && { direction } };
  const verdict = judgeRetention(rules, subject, NOW_MS);
  return verdict.kind === "due" ? `due: ${verdict.rule.name}` : verdict.kind;
}

test("a recording is due when it is older than its rule says, and not on the very day", () => {
  expect([judge([all(days(30))], 30), judge([all(days(30))], 30.001)]).toEqual(["not-due", "due: all"]);
  // A clock that was set back has put it into the future.
  expect(judge([all(days(30))], -400)).toBe("not-due");
});

test("the first rule that a recording fits decides, also against a shorter time behind it", () => {
  const rules = [list(keep), inbound(days(365)), all(days(90))];
  expect(judge(rules, 1000, "inbound")).toBe("kept");
  expect(judge(rules.slice(1), 100, "inbound")).toBe("not-due");
  expect(judge(rules.slice(1), 400, "inbound")).toBe("due: inbound");
  expect(judge(rules.slice(1), 100, "outbound")).toBe("due: all");
});

test("what fits no rule stays", () => {
  expect(judge([], 9999)).toBe("no-rule");
  expect(judge([inbound(days(1))], 9999, "outbound")).toBe("no-rule");
  expect(judge([list(atOnce, OTHERS)], 9999)).toBe("no-rule");
});

test("all conditions of a rule must hold, and a list without an age means at once", () => {
  expect([judge([list(atOnce)], 0), judge([list(atOnce)], -3)]).toEqual(["due: list", "due: list"]);
  expect([judge([list(days(30))], 29), judge([list(days(30))], 31)]).toEqual(["not-due", "due: list"]);
  const both = { ...list(atOnce), direction: "inbound" } as const;
  expect([judge([both], 9, "inbound"), judge([both], 9, "outbound")]).toEqual(["due: list", "no-rule"]);
});

describe("a recording of unknown direction", () => {
  test("is not removed by a rule for one direction", () => {
    expect(judge([inbound(days(1)), { ...inbound(days(1)), direction: "outbound" }], 9999)).toBe("no-rule");
  });

  test("is not removed by the rule behind it before the time of the one that may be meant", () => {
    const rules = [inbound(days(365)), all(days(90))];
    expect([judge(rules, 100), judge(rules, 400)]).toEqual(["not-due", "due: all"]);
    expect(judge([inbound(keep), all(days(90))], 9999)).toBe("kept");
  });
});

test("a tombstone is told which rule it was, and why", () => {
  expect(toRuleWords(all(days(1826)))).toBe('retention rule "all": created more than 1826 days before');
  expect(toRuleWords({ ...list(atOnce), direction: "inbound" })).toBe(
    'retention rule "list": inbound, named in its list',
  );
});
