import { describe, expect, it } from "vitest";
import { assertSameOutputs } from "../../../benchmarks/harness/compare-outputs.ts";
import { BenchmarkError } from "../../../benchmarks/harness/errors.ts";

const RIGHT = new Map([
  ["a.wav", "1"],
  ["b.wav", "2"],
]);

describe("assertSameOutputs", () => {
  it("lets equal outputs pass, in any order", () => {
    expect(() => assertSameOutputs("curl", new Map([...RIGHT].reverse()), RIGHT)).not.toThrow();
  });

  it.each([
    ["one is missing", new Map([["a.wav", "1"]]), "curl: b.wav is missing"],
    ["one differs", new Map([...RIGHT, ["b.wav", "3"]]), "curl: b.wav is 3 instead of 2"],
    ["there is one too many", new Map([...RIGHT, ["c.wav", "3"]]), "curl: c.wav should not be there"],
  ])("names what is wrong when %s", (_case, found, message) => {
    expect(() => assertSameOutputs("curl", found, RIGHT)).toThrow(new BenchmarkError(message));
  });

  it("does not take nothing for equal to nothing", () => {
    expect(() => assertSameOutputs("curl", new Map(), new Map())).toThrow("nothing to compare");
  });
});
