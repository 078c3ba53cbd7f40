import { expect, test } from "vitest";
import { TextTail } from "../../../src/ffmpeg/text-tail.ts";

function tailOf(maxLength: number, ...pieces: string[]): string {
  const tail = new TextTail(maxLength);
  for (const piece of pieces) tail.append(piece);
  return tail.toString();
}

test.each([
  ["what fits is kept whole", ["one\n", "two"], "one\ntwo"],
  ["what is longer begins with a line", ["first line\n", "two\n", "three"], "two\nthree"],
  ["a line that is longer is kept from its end", ["abcdefgh", "ijklmnop"], "efghijklmnop"],
  ["nothing", [], ""],
])("%s", (_, pieces, kept) => {
  expect(tailOf(12, ...pieces)).toBe(kept);
});
