import type { Ended } from "./benchmark.ts";
import { BenchmarkError } from "./errors.ts";
import { repositoryPath } from "./repository.ts";

/** One entry of a report's results, as far as benchmarks look at it. */
export interface ReportedResult {
  readonly status: string;
  readonly path?: string;
  readonly sha256?: string;
  readonly output?: { readonly path: string; readonly sha256?: string };
}

/** Gives the command line of the built Holdfast, started the way its users start it, with `--json`. */
export function toHoldfastArgv(...args: readonly string[]): readonly [string, ...string[]] {
  return [process.execPath, repositoryPath("bin/holdfast.js"), ...args, "--json"];
}

/**
 * Reads the results of a report.
 *
 * @throws {BenchmarkError} Holdfast printed no report.
 */
export function parseResults({ stdout, stderr, exitCode }: Ended): readonly ReportedResult[] {
  try {
    return (JSON.parse(stdout) as { readonly results: readonly ReportedResult[] }).results;
  } catch (error) {
    throw new BenchmarkError(`holdfast printed no report (status ${exitCode}): ${stderr.trim()}`, { cause: error });
  }
}
