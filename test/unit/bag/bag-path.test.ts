import { describe, expect, it } from "vitest";
import { toPlainPath, toReadings, toUnsafeReason } from "../../../src/bag/bag-path.ts";

describe("toUnsafeReason", () => {
  it.each(["data/a..b", "data/..a", "data/~a", "data/C:a", "data/a\\b", "data/100%", "..a", "a~"])(
    "lets %s stay",
    (path) => {
      expect(toUnsafeReason(path)).toBeUndefined();
    },
  );

  it.each(["..", "data/..", "../a", "data\\..\\a", "/a", "\\a", "~", "~a/b", "C:a", "c:\\a", "%A%\\b", "data/a\0b"])(
    "refuses %s",
    (path) => {
      expect(toUnsafeReason(path)).toBeTypeOf("string");
    },
  );
});

describe("toPlainPath", () => {
  it.each([
    ["./data/a", "data/a"],
    ["data//a/./b/", "data/a/b"],
    ["data/.a/a./...", "data/.a/a./..."],
  ])("makes %s into %s", (path, plain) => {
    expect(toPlainPath(path)).toBe(plain);
  });
});

describe("toReadings", () => {
  it("decodes CR, LF and the percent sign once, and nothing else, in 1.0", () => {
    expect(toReadings("a%0Ab%0dc%25d%250Ae%41", "1.0")[0]).toBe("a\nb\rc%d%0Ae%41");
  });

  it("takes a path as it is written in the drafts, and tries the other readings then", () => {
    expect(toReadings("a%0A%25", "0.97")).toEqual(["a%0A%25", "a\n%25", "a\n%"]);
  });

  it("has one reading for a path without percent signs", () => {
    expect(toReadings("data/a", "1.0")).toEqual(["data/a"]);
  });
});
