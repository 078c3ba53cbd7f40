import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/config/errors.ts";
import { resolveConfig } from "../../../src/config/resolve-config.ts";
import { toRetentionPolicy } from "../../../src/config/retention-settings.ts";

const DAY_MS = 86_400_000;

function read(retention: unknown) {
  const file = { path: "c.json", text: JSON.stringify(retention === undefined ? {} : { retention }) };
  return toRetentionPolicy(resolveConfig({ flags: {}, environment: {}, file }));
}

test("rules come in the order of the file, with what they say", () => {
  const rules = [
    { name: "litigation", list: "keep.txt", keep: true },
    { name: "erasure", list: "gone.txt" },
    { name: "calls in", direction: "inbound", olderThan: "52w1d" },
    { name: "rest", olderThan: "1826d" },
  ];
  expect(read({ verifiedWithin: "12h", rules })).toEqual({
    verifiedWithinMs: DAY_MS / 2,
    rules: [
      { name: "litigation", term: { kind: "keep" }, listFile: "keep.txt" },
      { name: "erasure", term: { kind: "at-once" }, listFile: "gone.txt" },
      { name: "calls in", term: { kind: "older-than", ageMs: 365 * DAY_MS }, direction: "inbound" },
      { name: "rest", term: { kind: "older-than", ageMs: 1826 * DAY_MS } },
    ],
  });
});

test("thirty days is what a look may be old, unless the file says otherwise", () => {
  expect(read({ rules: [{ name: "a", olderThan: "1d" }] }).verifiedWithinMs).toBe(30 * DAY_MS);
});

describe("what may be meant otherwise than it would be taken is refused", () => {
  const fine = { name: "a", olderThan: "30d" };
  test.each([
    ["no retention at all", undefined, /no retention rules in c\.json/],
    ["no rules", { rules: [] }, /no retention rules/],
    [
      "six months, which would be minutes",
      { rules: [{ name: "a", olderThan: "6m" }] },
      /olderThan: not a number of whole/,
    ],
    ["hours", { rules: [{ name: "a", olderThan: "1d12h" }] }, /olderThan/],
    ["no time at all", { rules: [{ name: "a", olderThan: "0d" }] }, /olderThan/],
    ["a name alone", { rules: [{ name: "a" }] }, /neither olderThan nor keep/],
    ["a direction alone", { rules: [{ name: "a", direction: "inbound" }] }, /neither olderThan nor keep/],
    ["a time and for good", { rules: [{ ...fine, keep: true }] }, /both olderThan and keep/],
    ["keep: false", { rules: [{ ...fine, keep: false }] }, /keep/],
    ["a rule that is never asked", { rules: [fine, { ...fine, name: "b", direction: "inbound" }] }, /never asked/],
    ["two rules of one name", { rules: [{ ...fine, list: "x" }, fine] }, /same name/],
    ["a word that is none", { rules: [{ ...fine, olderthan: "30d" }] }, /olderthan/],
  ])("%s", (_, retention, message) => {
    expect(() => read(retention)).toThrow(ConfigError);
    expect(() => read(retention)).toThrow(message);
  });
});
