import { expect, test } from "vitest";
import { toByteWords, toCountWords, toDurationWords, toTable } from "../../../src/cli/wording.ts";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [999_949, "999.9 kB"],
  [999_999, "1.0 MB"],
  [23_340_000, "23.3 MB"],
  [5_000_000_000_000_000, "5000.0 TB"],
])("%d bytes are %s", (bytes, words) => {
  expect(toByteWords(bytes)).toBe(words);
});

test.each([
  [0, "0:00"],
  [42.4, "0:42"],
  [59.6, "1:00"],
  [1747, "29:07"],
  [18_012, "5:00:12"],
])("%d seconds are %s", (seconds, words) => {
  expect(toDurationWords(seconds)).toBe(words);
});

test("one file, two files, no files", () => {
  expect([0, 1, 2].map((count) => toCountWords(count, "file"))).toEqual(["0 files", "1 file", "2 files"]);
});

test("columns stand under each other, numbers to the right, and no line ends in blanks", () => {
  const rows = [
    ["step", "done", "note"],
    ["fetch", "24", ""],
    ["convert", "7", "late"],
  ];
  expect(toTable(rows)).toEqual(["step     done  note", "fetch      24", "convert     7  late"]);
});
