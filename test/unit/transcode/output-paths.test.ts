import { basename, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { AudioFormat } from "../../../src/core/audio-format.ts";
import { toRecordPath } from "../../../src/transcode/conversion-record.ts";
import { OutputExistsError } from "../../../src/transcode/errors.ts";
import { toOutputPaths } from "../../../src/transcode/output-paths.ts";

/** Sources as a walk of the folder `in` gives them. */
function outputs(format: AudioFormat, ...places: readonly string[]) {
  const toFile = (place: string) => ({
    path: `in/${place}`,
    relativePath: place,
    sizeBytes: 1,
    foundIn: "in",
    fileId: place,
  });
  return places.map((place) => ({ file: toFile(place), format }));
}

describe("names of outputs", () => {
  test.each([
    ["beside the source", ["a.wav", "sub/b.wav"], undefined, ["in/a.mp3", "in/sub/b.mp3"]],
    ["in another folder, mirrored", ["a.wav", "sub/b.wav"], "out", ["out/a.mp3", "out/sub/b.mp3"]],
    ["only the last ending goes", ["a.b.wav"], "out", ["out/a.b.mp3"]],
    ["no ending", ["a"], "out", ["out/a.mp3"]],
    ["a hidden name is no ending", [".wav"], "out", ["out/.wav.mp3"]],
    [
      "two that would meet keep their whole names",
      ["a.wav", "a.opus", "b.wav"],
      "out",
      ["out/a.wav.mp3", "out/a.opus.mp3", "out/b.mp3"],
    ],
    ["also on a disk that ignores case", ["a.wav", "A.opus"], "out", ["out/a.wav.mp3", "out/A.opus.mp3"]],
    ["the same name in two folders is two names", ["x/a.wav", "y/a.wav"], "out", ["out/x/a.mp3", "out/y/a.mp3"]],
    [
      "what Windows forbids, in names and in mirrored folders",
      ["a:b/con.wav", "x .wav", "x..wav"],
      "o?t",
      ["o?t/a%3Ab/%63on.mp3", "o?t/x%20.mp3", "o?t/x%2E.mp3"],
    ],
    ["the folders of sources stay what they are", ["a:b/q?.wav"], undefined, ["in/a:b/q%3F.mp3"]],
    ["a name with a line break", ["a\n.b.wav", "c.\n"], "out", ["out/a%0A.b.mp3", "out/c.mp3"]],
    [
      "two that meet only after that keep their whole names",
      ["a:b.wav", "a%3Ab.opus"],
      "out",
      ["out/a%3Ab.wav.mp3", "out/a%3Ab.opus.mp3"],
    ],
    [
      "also on a disk that ignores how accents are written",
      ["\u00e9.wav", "e\u0301.opus"],
      "out",
      ["out/\u00e9.wav.mp3", "out/e\u0301.opus.mp3"],
    ],
  ] as const)("%s", (_, places, folder, paths) => {
    expect(toOutputPaths(outputs("mp3", ...places), folder)).toEqual(paths);
  });

  test("one that stands under its name already keeps it", () => {
    expect(toOutputPaths(outputs("mp3", "q?.mp3"), undefined)).toEqual(["in/q?.mp3"]);
    expect(toOutputPaths(outputs("mp3", "q?.mp3"), "out")).toEqual(["out/q%3F.mp3"]);
  });

  test("a name leaves room for that of its record", () => {
    const [path = ""] = toOutputPaths(outputs("opus", `${"x".repeat(251)}.wav`), "out");
    expect(path).toMatch(/^out\/x+~[0-9a-f]{16}\.opus$/);
    expect(basename(toRecordPath(path)).length).toBe(255);
  });

  test("paths are the same however they are spelled", () => {
    const [one, other] = outputs("mp3", "a.wav", "a.opus");
    if (one === undefined || other === undefined) throw new Error("two outputs were made");
    const absolute = { ...other, file: { ...other.file, path: resolve(other.file.path) } };
    expect(toOutputPaths([one, absolute], undefined)).toEqual(["in/a.wav.mp3", resolve("in/a.opus.mp3")]);
  });

  test("one that is in the format already keeps its place beside itself", () => {
    expect(toOutputPaths(outputs("mp3", "a.mp3", "a.wav"), undefined)).toEqual(["in/a.mp3", "in/a.mp3"]);
  });
});

test.each([
  [["x/a.wav", "y/a.wav"].map((path) => outputs("mp3", path)[0])],
  [["a:b/a.wav", "a%3Ab/a.wav"].map((path) => outputs("mp3", path)[0])],
  [["\u00e9/a.wav", "E\u0301/a.wav"].map((path) => outputs("mp3", path)[0])],
  [["a.wav", "a.mp3", "a.wav.mp3"].map((path) => outputs("opus", path)[0])],
])("%#: two sources that would still meet are refused before anything is begun", (found) => {
  const flat = found
    .flatMap((output) => output ?? [])
    .map((output) => ({
      ...output,
      file: { ...output.file, relativePath: output.file.relativePath.replace(/^[xy]\//, "") },
    }));
  expect(() => toOutputPaths(flat, "out")).toThrow(OutputExistsError);
});
