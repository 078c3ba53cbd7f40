import { describe, expect, it } from "vitest";
import { parseChildrenCpuSeconds } from "../../../benchmarks/harness/cpu-times.ts";

describe("parseChildrenCpuSeconds", () => {
  it.each([
    ["dash", "0m0.010000s 0m0.020000s\n1m2.500000s 0m0.250000s\n", 62.75],
    ["bash", "0m0.010s 0m0.020s\n0m3.100s 0m1.900s\n", 5],
    ["bash in a locale with a comma", "0m0,010s 0m0,020s\n0m3,100s 0m1,900s\n", 5],
  ])("adds up the children's user and system time as %s prints them", (_shell, text, seconds) => {
    expect(parseChildrenCpuSeconds(text)).toBeCloseTo(seconds, 9);
  });

  it.each(["", "0m0.01s 0m0.02s\n", "0m0.01s 0m0.02s\nnothing\n"])("does not take %j for times", (text) => {
    expect(() => parseChildrenCpuSeconds(text)).toThrow("not what times prints");
  });
});
