import fc from "fast-check";
import { expect, test } from "vitest";
import { UnsafeNameError } from "../../../src/core/errors.ts";
import { toSafeName } from "../../../src/io/safe-name.ts";

test.each([
  ["rec_abc123", "rec_abc123"],
  ["a.b-c_d", "a.b-c_d"],
  ["a/b", "a%2Fb"],
  ["..\\x", "..%5Cx"],
  ["a:b?*", "a%3Ab%3F%2A"],
  ["50%", "50%25"],
  ["é", "%C3%A9"],
  ["con", "%63on"],
  ["nul.txt", "%6Eul.txt"],
])("%j becomes %j", (text, name) => {
  expect(toSafeName(text)).toBe(name);
});

test.each(["", ".", ".."])("%j is refused", (text) => {
  expect(() => toSafeName(text)).toThrow(UnsafeNameError);
});

const names = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 300 }),
  fc.string({ unit: fc.constantFrom("a", "A", "%", "/", "~", ".", "6", "1"), minLength: 1, maxLength: 6 }),
);

/** A lone surrogate has no UTF-8 form and cannot come from a JSON reply that was valid UTF-8. */
const isEncodable = (text: string) => Buffer.from(text, "utf8").toString("utf8") === text;

test("different names stay different on a disk that ignores case", () => {
  fc.assert(
    fc.property(names, names, (a, b) => {
      fc.pre(![a, b].some((text) => text === "." || text === "..") && [a, b].every(isEncodable) && a !== b);
      expect(toSafeName(a).toLowerCase()).not.toBe(toSafeName(b).toLowerCase());
    }),
    { numRuns: 2000 },
  );
});

test("a name is one short path part of plain characters", () => {
  fc.assert(
    fc.property(names, (text) => {
      fc.pre(text !== "." && text !== "..");
      expect(toSafeName(text)).toMatch(/^(?!\.{1,2}$)[A-Za-z0-9._%~-]{1,177}$/);
    }),
    { numRuns: 2000 },
  );
});
