import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { toMeasuredSubject, toRatios } from "../../../benchmarks/harness/case-result.ts";
import { BenchmarkResult } from "../../../benchmarks/harness/schema.ts";
import { toFigures, toResult } from "./figures.ts";

const RESULTS = new URL("../../../benchmarks/results/", import.meta.url);
const files = readdirSync(RESULTS).filter((name) => name.endsWith(".json"));

describe("BenchmarkResult", () => {
  it("refuses a case in which nothing was compared", () => {
    const subjects = [toMeasuredSubject({ name: "holdfast", description: "ours" }, [toFigures(1)])];
    const one = { name: "fetch", compared: [{ trial: "same", outputs: 0 }], subjects, ratios: [] };
    expect(BenchmarkResult.safeParse(toResult([one])).success).toBe(false);
    expect(BenchmarkResult.safeParse(toResult([{ ...one, compared: [] }])).success).toBe(false);
  });

  it("refuses names that it does not know", () => {
    expect(BenchmarkResult.safeParse({ ...toResult([]), note: "fast" }).success).toBe(false);
  });
});

describe("benchmarks/results", () => {
  it("holds something", () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it.each(files)("%s is a result, and its sums follow from its rounds", (file) => {
    const result = BenchmarkResult.parse(JSON.parse(readFileSync(new URL(file, RESULTS), "utf8")));
    expect(`${result.name}.json`).toBe(file);
    for (const { subjects, ratios } of result.cases) {
      expect(ratios).toEqual(toRatios(subjects));
      for (const subject of subjects) {
        if (subject.status === "measured") expect(subject).toEqual(toMeasuredSubject(subject, subject.rounds));
      }
    }
  });
});
