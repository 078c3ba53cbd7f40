import { expect, test } from "vitest";
import { toNoticeRules } from "../../../src/config/notice-rules.ts";
import { resolveConfig } from "../../../src/config/resolve-config.ts";

const toConfig = (notices: unknown) =>
  resolveConfig({ flags: {}, environment: {}, file: { path: "c.json", text: JSON.stringify({ notices }) } });

const STATED = { announcement: "played", consent: "not-asked", ground: "MiFID II art. 16(7)" };
const FULL = { ...STATED, announcementText: "This call is recorded.", policy: "P-12" };
const named = (name: string, rest: object = {}) => ({ name, ...STATED, ...rest });

test("rules keep their order, and instants are read as UTC", () => {
  const match = { direction: "inbound", from: "+4930123456", to: "+4940987" };
  const rules = [
    { name: "desk", ...FULL, match: { ...match, since: "2026-01-01", until: "2026-02-01T01:00:00+01:00" } },
    named("all"),
  ];
  const [sinceMs, untilMs] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 1, 1)];
  expect(toNoticeRules(toConfig(rules))).toEqual([
    { name: "desk", match: { ...match, sinceMs, untilMs }, statement: FULL },
    { name: "all", match: {}, statement: STATED },
  ]);
});

test("without notices there are no rules, and nobody adds one later", () => {
  expect(toNoticeRules(toConfig(undefined))).toEqual([]);
  expect(Object.isFrozen(toConfig([named("a")]).notices)).toBe(true);
});

test.each([
  [[named("a", { ground: " " })], /^c\.json: notices\.0\.ground: holds nothing$/],
  [[named("a"), named("b", { consent: "yes" })], /^c\.json: notices\.1\.consent: /],
  [[named("a", { announcement: undefined })], /^c\.json: notices\.0\.announcement: /],
  [[named("a", { reason: "x" })], /^c\.json: notices\.0: .*reason/],
  [[named("a", { match: { caller: "x" } })], /^c\.json: notices\.0\.match: .*caller/],
  [[named("a", { match: { direction: "both" } })], /^c\.json: notices\.0\.match\.direction: /],
  [[named("a", { match: { from: "" } })], /^c\.json: notices\.0\.match\.from: /],
  [[named("a", { match: { since: "yesterday" } })], /^c\.json: notices\.0\.match\.since: not a date or time/],
  [
    [named("a", { match: { since: "2026-02-01", until: "2026-02-01" } })],
    /^c\.json: notices\.0\.match\.until: not later/,
  ],
  [[named("a"), named("a")], /^c\.json: notices: two rules have the same name$/],
  [{ a: STATED }, /^c\.json: notices: /],
])("%j is refused", (notices, message) => {
  expect(() => toConfig(notices)).toThrow(message);
});
