import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { tryParseContentRange } from "../../../../src/vendor/http/content-range.ts";
import { tryParseReprDigest } from "../../../../src/vendor/http/repr-digest.ts";

describe("tryParseContentRange", () => {
  it.each([
    ["bytes 0-0/1", { firstByte: 0, lastByte: 0, sizeBytes: 1 }],
    ["bytes 200-1023/1024", { firstByte: 200, lastByte: 1023, sizeBytes: 1024 }],
    ["bytes 5-9/*", { firstByte: 5, lastByte: 9, sizeBytes: undefined }],
  ])("reads %s", (header, range) => {
    expect(tryParseContentRange(header)).toEqual(range);
  });

  it.each([
    undefined,
    "",
    "bytes */100",
    "bytes 9-5/100",
    "bytes 5-100/100",
    "bytes 5-9",
    "items 5-9/100",
    "bytes -5-9/100",
    "bytes 5-9/100, bytes 20-29/100",
    "bytes 5-9999999999999999999/99999999999999999999",
  ])("does not take %s", (header) => {
    expect(tryParseContentRange(header)).toBeUndefined();
  });
});

describe("tryParseReprDigest", () => {
  const sha256 = createHash("sha256").update("recording").digest();
  const value = `:${sha256.toString("base64")}:`;

  it.each([
    `sha-256=${value}`,
    `sha-512=:AAAA:, sha-256=${value}`,
    `sha-256=${value},unixsum=1`,
    `sha-256=${value};strength=1`,
  ])("reads %s", (header) => {
    expect(tryParseReprDigest(header)).toBe(sha256.toString("hex"));
  });

  it.each([
    undefined,
    "",
    `sha-512=${value}`,
    `sha-256=${sha256.toString("base64")}`,
    `sha-256=:${sha256.toString("hex")}:`,
    `sha-256=:${sha256.subarray(0, 31).toString("base64")}:`,
    `xsha-256=${value}`,
    `sha-256=${value}x`,
  ])("does not take %s", (header) => {
    expect(tryParseReprDigest(header)).toBeUndefined();
  });
});
