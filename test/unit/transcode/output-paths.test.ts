import { describe, expect, test } from "vitest";
import type { AudioFormat } from "../../../src/core/audio-format.ts";
import { OutputExistsError } from "../../../src/transcode/errors.ts";
import { toOutputPaths } from "../../../src/transcode/output-paths.ts";

/** Sources as a walk of the folder `in` gives them. */
function outputs(format: AudioFormat, ...places: readonly string[]) {
  const toFile = (place: string) => ({
    path: `in/${place}`,
    relativePath: place,
    sizeBytes: 1,
    isNamed: false,
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
  ] as const)("%s", (_, places, folder, paths) => {
    expect(toOutputPaths(outputs("mp3", ...places), folder)).toEqual(paths);
  });

  test("one that is in the format already keeps its place beside itself", () => {
    expect(toOutputPaths(outputs("mp3", "a.mp3", "a.wav"), undefined)).toEqual(["in/a.mp3", "in/a.mp3"]);
  });
});

test.each([
  [["x/a.wav", "y/a.wav"].map((path) => outputs("mp3", path)[0])],
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
