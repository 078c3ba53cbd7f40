import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../../src/sandbox/seeded-random.ts";

function take(seed: string, count: number): number[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => random.next());
}

describe("SeededRandom", () => {
  it("gives the same sequence for the same seed and another for another", () => {
    expect(take("a", 20)).toEqual(take("a", 20));
    expect(take("a", 20)).not.toEqual(take("b", 20));
  });

  it("spreads evenly over 0 to 1", () => {
    const numbers = take("spread", 10_000);
    const tenths = Array.from({ length: 10 }, (_, tenth) => numbers.filter((n) => Math.floor(n * 10) === tenth).length);
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it("reaches both ends of a range", () => {
    const random = new SeededRandom("range");
    const seen = new Set(Array.from({ length: 200 }, () => random.between(3, 6)));
    expect([...seen].sort()).toEqual([3, 4, 5, 6]);
  });

  it("shuffles without losing anything", () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    const shuffled = new SeededRandom("shuffle").shuffle(items);
    expect(shuffled).not.toEqual(items);
    expect(shuffled.sort((a, b) => a - b)).toEqual(items);
  });

  it("calls picking from nothing a bug", () => {
    expect(() => new SeededRandom("x").pick([])).toThrow("internal error");
  });
});
