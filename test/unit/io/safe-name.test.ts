import fc from "fast-check";
import { expect, test } from "vitest";
import { UnsafeNameError } from "../../../src/core/errors.ts";
import { toPortableName, toSafeName } from "../../../src/io/safe-name.ts";

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

test.each([
  ["call 2024-01-15 [1] (é) 50% 😀", "call 2024-01-15 [1] (é) 50% 😀"],
  [".hidden", ".hidden"],
  ["console", "console"],
  ["a:b", "a%3Ab"],
  ['q?*<>|"', "q%3F%2A%3C%3E%7C%22"],
  ["a\\b", "a%5Cb"],
  ["a\nb\u001f", "a%0Ab%1F"],
  ["x ", "x%20"],
  ["x.", "x%2E"],
  ["x. .", "x. %2E"],
  ["con", "%63on"],
  ["COM1.2024", "%43OM1.2024"],
  ["lpt².x", "%6Cpt².x"],
  ["nul .txt", "%6Eul .txt"],
  ["conin$", "%63onin$"],
])("%j is %j on Windows", (name, portable) => {
  expect(toPortableName(name)).toBe(portable);
});

test("a name is cut between characters where it is too long, and names that begin alike stay two", () => {
  const names = ["a", "b"].map((end) => `${"é".repeat(130)}${end}`);
  const [one = "", other = ""] = names.map((name) => toPortableName(name, 100));
  expect(one).toMatch(/^é{41}~[0-9a-f]{16}$/);
  expect(other).toMatch(/^é{41}~[0-9a-f]{16}$/);
  expect(one).not.toBe(other);
  expect(toPortableName("é".repeat(127))).toBe("é".repeat(127));
});

test("a name that Windows allows stays as it is, and what a name becomes is one", () => {
  const odd = fc.string({ unit: fc.constantFrom("c", "o", "n", ".", " ", ":", "%", "é", "1", "\n"), minLength: 1 });
  fc.assert(
    fc.property(fc.oneof(names, odd), (name) => {
      fc.pre(isEncodable(name));
      const portable = toPortableName(name, 60);
      expect(Buffer.byteLength(portable)).toBeLessThanOrEqual(60);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are among what must not be there
      expect(portable).not.toMatch(/[\u0000-\u001f<>:"/\\|?*]|[. ]$|^(?:con|nul) *(?:\.|$)/i);
      expect(toPortableName(portable, 60)).toBe(portable);
    }),
    { numRuns: 2000 },
  );
});
