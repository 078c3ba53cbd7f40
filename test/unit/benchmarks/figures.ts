import type { BenchmarkResult, RoundFigures } from "../../../benchmarks/harness/schema.ts";

/** Figures of one round; memory that was not seen is null. */
export function toFigures(
  wallSeconds: number,
  cpuSeconds = wallSeconds,
  peakRssBytes: number | null = 1e8,
): RoundFigures {
  return { wallSeconds, cpuSeconds, peakRssBytes };
}

/** A result around given cases, with made-up surroundings. */
export function toResult(cases: BenchmarkResult["cases"]): BenchmarkResult {
  return {
    schema: "holdfast.benchmark/1",
    name: "example",
    measuredAt: "2024-01-15T10:30:00.000Z",
    machine: { cpu: "A CPU", cores: 2, memoryBytes: 8e9, kernel: "Linux 6.1", fileSystem: "ext4", loadBefore: 0.25 },
    software: {
      holdfast: { version: "0.1.0", commit: "c0ffee", uncommitted: [], build: "0".repeat(64) },
      node: "v20.19.0",
      ffmpeg: { path: "/usr/bin/ffmpeg", version: "5.1.9" },
      programs: { curl: "curl 7.88.1" },
    },
    parameters: { rounds: 2, inputs: "some" },
    cases,
  };
}
