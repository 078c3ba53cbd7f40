import { expect, test } from "vitest";
import { parseEncoders, toMajorVersion } from "../../../src/ffmpeg/probe.ts";

test.each([
  ["5.1.9-0+deb12u1", 5],
  ["n7.0.2", 7],
  ["4.4", 4],
  ["10.1", 10],
  ["N-47683-g0e8eb07980-static", undefined],
  ["git-2020-01-01-abc", undefined],
])("version %s is release %s", (version, major) => {
  expect(toMajorVersion(version)).toBe(major);
});

test("the names are read from the list of encoders, and not its legend", () => {
  const listing = [
    "Encoders:",
    " V..... = Video",
    " A..... = Audio",
    " .F.... = Frame-level multithreading",
    " ------",
    " V....D a64multi             Multicolor charset for Commodore 64 (codec a64_multi)",
    " A....D libmp3lame           libmp3lame MP3 (MPEG audio layer 3) (codec mp3)",
    " A..X.. opus                 Opus",
    "",
  ].join("\n");
  expect(parseEncoders(listing)).toEqual(["a64multi", "libmp3lame", "opus"]);
});
