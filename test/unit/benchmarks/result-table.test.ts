import { describe, expect, it } from "vitest";
import { toMeasuredSubject, toRatios } from "../../../benchmarks/harness/case-result.ts";
import { toResultLines } from "../../../benchmarks/harness/result-table.ts";
import { toFigures, toResult } from "./figures.ts";

describe("toResultLines", () => {
  const ours = toMeasuredSubject({ name: "holdfast", description: "ours" }, [toFigures(1, 3), toFigures(2, 3)]);
  const theirs = toMeasuredSubject({ name: "curl", description: "theirs" }, [toFigures(4, 1), toFigures(4, 1)]);
  const absent = { name: "rclone", description: "", status: "not-installed" as const, missing: ["rclone"] };
  const subjects = [ours, theirs, absent];
  const compared = [{ trial: "sha256", outputs: 40 }];
  const lines = toResultLines(toResult([{ name: "fetch", compared, subjects, ratios: toRatios(subjects) }]));

  it("says what it was measured with and on", () => {
    expect(lines).toContain("example: rounds 2, inputs some");
    expect(lines).toContain("on 2 cores of A CPU, load 0.25 before");
  });

  it("gives each peer's ratio with its range", () => {
    const line = lines.find((text) => text.startsWith("curl"));
    expect(line?.split(/ {2,}/)).toEqual([
      "curl",
      "4.00",
      "(4.00-4.00)",
      "1.00",
      "100",
      "0.38",
      "(0.25-0.50)",
      "3.00",
      "1.00",
    ]);
  });

  it("names a peer that is not installed", () => {
    expect(lines.find((text) => text.startsWith("rclone"))).toMatch(/not installed: rclone/);
  });

  it("says what was compared", () => {
    expect(lines).toContain("fetch; the same outputs of all: sha256 (40)");
  });
});
