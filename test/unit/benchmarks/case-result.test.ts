import { describe, expect, it } from "vitest";
import { toMeasuredSubject, toRatios } from "../../../benchmarks/harness/case-result.ts";
import { BenchmarkResult } from "../../../benchmarks/harness/schema.ts";
import { toFigures, toResult } from "./figures.ts";

const holdfast = { name: "holdfast", description: "ours" };
const curl = { name: "curl", description: "theirs" };
const absent = { name: "rclone", description: "another", status: "not-installed" as const, missing: ["rclone"] };

describe("toMeasuredSubject", () => {
  it("keeps every round beside the middle and the range", () => {
    const rounds = [toFigures(4, 8, 3e8), toFigures(2, 6, 1e8), toFigures(3, 7, 2e8)];
    expect(toMeasuredSubject(holdfast, rounds)).toEqual({
      ...holdfast,
      status: "measured",
      rounds,
      wallSeconds: { median: 3, min: 2, max: 4 },
      cpuSeconds: { median: 7, min: 6, max: 8 },
      peakRssBytes: { median: 2e8, min: 1e8, max: 3e8 },
    });
  });

  it("says nothing of memory when one round did not see any", () => {
    expect(toMeasuredSubject(curl, [toFigures(1), toFigures(1, 1, null)]).peakRssBytes).toBeNull();
  });
});

describe("toRatios", () => {
  it("holds the first subject against every measured one behind it", () => {
    const ours = toMeasuredSubject(holdfast, [toFigures(2, 6), toFigures(3, 6)]);
    const theirs = toMeasuredSubject(curl, [toFigures(4, 3), toFigures(4, 3)]);
    expect(toRatios([ours, absent, theirs])).toEqual([
      {
        peer: "curl",
        wall: { median: 0.625, min: 0.5, max: 0.75 },
        cpu: { median: 2, min: 2, max: 2 },
        peakRss: { median: 1, min: 1, max: 1 },
      },
    ]);
  });

  it("leaves a ratio empty where a figure is missing", () => {
    const ours = toMeasuredSubject(holdfast, [toFigures(2)]);
    const theirs = toMeasuredSubject(curl, [toFigures(4, 0, null)]);
    expect(toRatios([ours, theirs])).toEqual([
      { peer: "curl", wall: { median: 0.5, min: 0.5, max: 0.5 }, cpu: null, peakRss: null },
    ]);
  });

  it("fits into a result, also with a peer that is not installed", () => {
    const subjects = [toMeasuredSubject(holdfast, [toFigures(2)]), absent];
    const one = { name: "fetch", compared: [{ trial: "same", outputs: 2 }], subjects, ratios: toRatios(subjects) };
    expect(BenchmarkResult.parse(toResult([one])).cases[0]).toEqual(one);
  });
});
