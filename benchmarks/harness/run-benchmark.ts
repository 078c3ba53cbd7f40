import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import type { Benchmark } from "./benchmark.ts";
import { BenchmarkError } from "./errors.ts";
import { findFfmpeg } from "./ffmpeg.ts";
import { loadMachine } from "./machine.ts";
import { loadProgramVersions } from "./program-versions.ts";
import { hashBuild, loadHoldfast } from "./repository.ts";
import { type RunCaseOptions, runCase } from "./run-case.ts";
import type { BenchmarkResult, CaseResult } from "./schema.ts";
import { Workspace } from "./workspace.ts";

/** How a benchmark is run. */
export interface RunBenchmarkOptions extends Omit<RunCaseOptions, "logFolder"> {
  readonly smoke: boolean;
}

/**
 * Runs one benchmark in a temporary folder of its own, which is gone when the promise settles.
 *
 * @throws {BenchmarkError} a subject failed, outputs differ, or the build was changed meanwhile.
 */
export async function runBenchmark(benchmark: Benchmark, options: RunBenchmarkOptions): Promise<BenchmarkResult> {
  const { smoke, signal, rounds, onStep } = options;
  const [measuredAt, machine, holdfast, ffmpeg] = [
    new Date().toISOString(),
    await loadMachine(),
    await loadHoldfast(),
    await findFfmpeg(),
  ];
  const workspace = await Workspace.create(benchmark.name);
  try {
    onStep("making the inputs");
    const opened = await benchmark.open({ workspace, smoke, signal, cores: availableParallelism() });
    try {
      const logFolder = workspace.path("log");
      await mkdir(logFolder);
      const cases: CaseResult[] = [];
      for (const one of opened.cases) {
        const onCaseStep = (step: string) => onStep(`${one.name}: ${step}`);
        cases.push(await runCase(one, { rounds, signal, logFolder, onStep: onCaseStep }));
      }
      if ((await hashBuild()) !== holdfast.build)
        throw new BenchmarkError("the build was changed meanwhile: run again");
      const programs = await loadProgramVersions(opened);
      return {
        ...{ schema: "holdfast.benchmark/1", name: benchmark.name, measuredAt, machine },
        software: { holdfast, node: process.version, ffmpeg: { path: ffmpeg.path, version: ffmpeg.version }, programs },
        parameters: { rounds, ...opened.parameters },
        cases,
      };
    } finally {
      await opened.close();
    }
  } finally {
    await workspace.remove();
  }
}
