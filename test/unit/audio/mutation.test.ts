import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spliced } from "./bytes.ts";
import { identified } from "./identified.ts";
import { id3v2, mp3 } from "./mpeg-bytes.ts";
import { opusPages } from "./ogg-bytes.ts";
import { wav } from "./wav-bytes.ts";

const SOURCES = [Buffer.concat([id3v2(20), mp3(200)]), Buffer.concat(opusPages()), wav()];

const source = fc.constantFrom(...SOURCES);
const edit = fc.record({
  at: fc.oneof(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 60_000 })),
  remove: fc.integer({ min: 0, max: 3000 }),
  insert: fc.oneof(fc.uint8Array({ maxLength: 40 }), source),
});

/** Edits of every sort in files of every sort: cuts, gaps, garbage, one file inside another. */
const mutant = fc
  .tuple(source, fc.array(edit, { maxLength: 3 }))
  .map(([bytes, edits]) =>
    edits.reduce<Buffer>((all, { at, ...change }) => spliced(all, at % (all.length + 1), change), bytes),
  );

describe("any bytes", () => {
  it("are judged alike however they are split, with numbers that make sense", () => {
    fc.assert(
      fc.property(mutant, fc.array(fc.nat({ max: 70_000 }), { maxLength: 10 }), (bytes, cuts) => {
        const whole = identified(bytes);
        expect(
          identified(
            bytes,
            cuts.map((cut) => cut % (bytes.length + 1)),
          ),
        ).toEqual(whole);
        const { defects = [], ...facts } = whole.structure ?? {};
        const numbers = Object.values(facts).filter((value) => typeof value === "number");
        expect(numbers.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
        expect(defects.every(({ byteOffset = 0 }) => byteOffset >= 0 && byteOffset <= bytes.length)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
