import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toRatio, toSpread } from "../../../benchmarks/harness/statistics.ts";

describe("toSpread", () => {
  it("gives the middle of an odd number of figures, whatever their order", () => {
    expect(toSpread([9, 1, 4])).toEqual({ median: 4, min: 1, max: 9 });
  });

  it("gives the mean of the two in the middle of an even number", () => {
    expect(toSpread([10, 2, 4, 100])).toEqual({ median: 7, min: 2, max: 100 });
  });

  it("sorts by value and not by text", () => {
    expect(toSpread([10, 9, 100]).median).toBe(10);
  });

  it("takes one figure for all three", () => {
    expect(toSpread([3])).toEqual({ median: 3, min: 3, max: 3 });
  });

  it("takes no figures for a bug", () => {
    expect(() => toSpread([])).toThrow("no figures");
  });

  it("keeps as many figures below the median as above it", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: 0, max: 1e6 }), { minLength: 1 }), (figures) => {
        const { median, min, max } = toSpread(figures);
        expect(figures.filter((figure) => figure < median).length).toBeLessThanOrEqual(figures.length / 2);
        expect(figures.filter((figure) => figure > median).length).toBeLessThanOrEqual(figures.length / 2);
        expect(min).toBe(Math.min(...figures));
        expect(max).toBe(Math.max(...figures));
      }),
    );
  });
});

describe("toRatio", () => {
  it("divides round by round before it takes the middle", () => {
    // The medians alone would give 20 / 10 = 2.
    expect(toRatio([10, 20, 60], [10, 5, 60])).toEqual({ median: 1, min: 1, max: 4 });
  });

  it("cancels out what slows a whole round down", () => {
    expect(toRatio([2, 20, 200], [4, 40, 400])).toEqual({ median: 0.5, min: 0.5, max: 0.5 });
  });

  it.each([
    ["a figure of ours is missing", [1, undefined], [1, 1]],
    ["a figure of the peer's is missing", [1, 1], [undefined, 1]],
    ["the peer took no time that could be measured", [1, 1], [1, 0]],
  ])("gives nothing when %s", (_case, ours, theirs) => {
    expect(toRatio(ours, theirs)).toBeUndefined();
  });

  it("takes rounds of different number for a bug", () => {
    expect(() => toRatio([1, 2], [1])).toThrow("rounds are missing");
  });
});
