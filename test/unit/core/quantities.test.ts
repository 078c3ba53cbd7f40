import { describe, expect, test } from "vitest";
import { tryParseByteCount } from "../../../src/core/byte-count.ts";
import { tryParseDurationMs } from "../../../src/core/duration.ts";

describe("a length of time", () => {
  test.each([
    ["30d", 30 * 86_400_000],
    ["12h", 43_200_000],
    ["2h30m", 9_000_000],
    ["90s", 90_000],
    ["4w", 4 * 604_800_000],
    ["1w2d3h4m5s", 604_800_000 + 2 * 86_400_000 + 3 * 3_600_000 + 4 * 60_000 + 5000],
  ])("%s", (text, durationMs) => {
    expect(tryParseDurationMs(text)).toBe(durationMs);
  });

  test.each(["", "30", "d", "0d", "0s", "-1d", "1.5h", "30m2h", "2h 30m", "1y", "1D", "99999999999999w", "1d\n"])(
    "%j is none",
    (text) => {
      expect(tryParseDurationMs(text)).toBeUndefined();
    },
  );
});

describe("a number of bytes", () => {
  test.each([
    ["4096", 4096],
    ["1b", 1],
    ["50MB", 50_000_000],
    ["50 mb", 50_000_000],
    ["1.5GB", 1_500_000_000],
    ["2kB", 2000],
    ["1KiB", 1024],
    ["1GiB", 1_073_741_824],
    ["3TiB", 3 * 1024 ** 4],
  ])("%s", (text, bytes) => {
    expect(tryParseByteCount(text)).toBe(bytes);
  });

  test.each([
    "",
    "0",
    "0MB",
    "-1",
    "1K",
    "1M",
    "1 G",
    "MB",
    "1e6",
    "1_000",
    "1,5GB",
    "9999999TB",
    "1toString",
    "1MB\n",
  ])("%j is none", (text) => {
    expect(tryParseByteCount(text)).toBeUndefined();
  });
});
