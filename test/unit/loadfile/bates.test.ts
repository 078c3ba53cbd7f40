import { expect, test } from "vitest";
import { toBatesNumber, tryParseBatesPrefix } from "../../../src/loadfile/bates.ts";

test.each(["A", "ABC-", "Acme_v.2-", "0", "x".repeat(40)])("%j is a prefix", (text) => {
  expect(tryParseBatesPrefix(text)).toBe(text);
});

test.each(["", "-A", ".A", "_A", "A B", "A/", "../A", "A\n", "Ä", "=A", "x".repeat(41)])("%j is none", (text) => {
  expect(tryParseBatesPrefix(text)).toBeUndefined();
});

test.each([
  [1, 1, "ABC0000001"],
  [200, 9_999_999, "ABC0000200"],
  [200, 10_000_000, "ABC00000200"],
])("number %i of %i is %s", (ordinal, total, expected) => {
  const prefix = tryParseBatesPrefix("ABC");
  expect(prefix && toBatesNumber(prefix, ordinal, total)).toBe(expected);
});
