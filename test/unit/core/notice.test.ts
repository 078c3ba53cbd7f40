import { describe, expect, test } from "vitest";
import { findNotice, type NoticeMatch, type NoticeRule } from "../../../src/core/notice.ts";

const STATED_AT_MS = Date.parse("2026-03-01T12:00:00Z");
const STATEMENT = { announcement: "played", consent: "given", ground: "GDPR art. 6(1)(a)" } as const;
const CALL = { from: "sip:+4930123456@pbx", to: "+4940987", direction: "inbound", createdAtMs: 1000 } as const;

function rule(name: string, match: NoticeMatch = {}): NoticeRule {
  return { name, match, statement: STATEMENT };
}

test("the first rule that fits speaks, under its name and with its time", () => {
  const rules = [rule("out", { direction: "outbound" }), rule("in", { direction: "inbound" }), rule("rest")];
  const said = { ...STATEMENT, statedBy: "rule", rule: "in", statedAt: "2026-03-01T12:00:00.000Z" };
  expect(findNotice(rules, CALL, STATED_AT_MS)).toEqual(said);
  expect(findNotice(rules.slice(0, 1), CALL, STATED_AT_MS)).toBeUndefined();
});

describe("a rule", () => {
  test.each<[NoticeMatch, boolean]>([
    [{}, true],
    [{ from: "+49 30 123456" }, true],
    [{ from: "+4940987" }, false],
    [{ from: "030 123456" }, false],
    [{ to: "004940987" }, true],
    [{ to: "+4930123456" }, false],
    [{ from: "+4930123456", direction: "outbound" }, false],
    [{ sinceMs: 1000 }, true],
    [{ sinceMs: 1001 }, false],
    [{ untilMs: 1001 }, true],
    [{ untilMs: 1000 }, false],
  ])("%j fits: %j", (match, fits) => {
    expect(findNotice([rule("a", match)], CALL, STATED_AT_MS) !== undefined).toBe(fits);
  });

  test.each<[NoticeMatch, boolean]>([
    [{ sinceMs: 0, untilMs: 2000 }, true],
    [{ from: "+4930123456" }, false],
    [{ to: "+4940987" }, false],
    [{ direction: "inbound" }, false],
  ])("%j fits a recording of which only the time is known: %j", (match, fits) => {
    expect(findNotice([rule("a", match)], { createdAtMs: 1000 }, STATED_AT_MS) !== undefined).toBe(fits);
  });
});
