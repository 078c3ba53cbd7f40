import { describe, expect, it } from "vitest";
import { tryParseByteRange } from "../../../src/sandbox/byte-range.ts";

describe("tryParseByteRange", () => {
  it.each([
    ["bytes=0-9", { first: 0, last: 9 }],
    ["bytes=90-", { first: 90, last: 99 }],
    ["bytes=90-500", { first: 90, last: 99 }],
    ["bytes=-10", { first: 90, last: 99 }],
    ["bytes=-500", { first: 0, last: 99 }],
    ["bytes=100-", "unsatisfiable"],
    ["bytes=-0", "unsatisfiable"],
    ["bytes=9-3", undefined],
    ["bytes=0-1,5-6", undefined],
    ["bytes=-", undefined],
    ["items=0-1", undefined],
    [undefined, undefined],
  ])("reads %s of a file of 100 bytes", (header, expected) => {
    expect(tryParseByteRange(header, 100)).toEqual(expected);
  });
});
