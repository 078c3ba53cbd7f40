import { convertBenchmark } from "./convert.bench.ts";
import { encryptionBenchmark } from "./encryption.bench.ts";
import { exportBenchmark } from "./export.bench.ts";
import { fetchBenchmark } from "./fetch.bench.ts";
import { type BenchmarkArguments, parseArguments } from "./harness/arguments.ts";
import type { Benchmark } from "./harness/benchmark.ts";
import { BenchmarkError, BenchmarkUsageError } from "./harness/errors.ts";
import { assertBuilt } from "./harness/repository.ts";
import { toResultLines } from "./harness/result-table.ts";
import { runBenchmark } from "./harness/run-benchmark.ts";
import { writeResult } from "./harness/write-result.ts";
import { identityBenchmark } from "./identity.bench.ts";
import { ledgerBenchmark } from "./ledger.bench.ts";
import { verifyBenchmark } from "./verify.bench.ts";

const BENCHMARKS: readonly Benchmark[] = [
  fetchBenchmark,
  convertBenchmark,
  verifyBenchmark,
  identityBenchmark,
  encryptionBenchmark,
  ledgerBenchmark,
  exportBenchmark,
];

class InterruptedError extends Error {}

async function main(argv: readonly string[], signal: AbortSignal): Promise<void> {
  const known = BENCHMARKS.map(({ name }) => name);
  const args = parseArguments(argv, known);
  if (args.names.length === 0) return printList();
  await assertBuilt();
  for (const name of args.names) {
    const benchmark = BENCHMARKS.find((candidate) => candidate.name === name);
    if (benchmark !== undefined) await runOne(benchmark, args, signal);
  }
}

async function runOne(benchmark: Benchmark, args: BenchmarkArguments, signal: AbortSignal): Promise<void> {
  const { smoke } = args;
  const rounds = args.rounds ?? (smoke ? 1 : benchmark.rounds);
  const onStep = (step: string) => process.stderr.write(`${benchmark.name}: ${step}\n`);
  const result = await runBenchmark(benchmark, { smoke, rounds, signal, onStep });
  print(...toResultLines(result));
  if (smoke) print("smoke: nothing here is a measurement, and no result is written", "");
  else print(`written: ${await writeResult(result)}`, "");
}

function printList(): void {
  print(
    "npm run bench -- NAME… [--smoke] [--rounds N]",
    ...BENCHMARKS.map(({ name, description }) => `  ${name.padEnd(10)} ${description}`),
    `  ${"all".padEnd(10)} each of these`,
  );
}

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Tells what went wrong and gives the exit code; a bug keeps its stack. */
function toExitCode(error: unknown): number {
  if (error instanceof InterruptedError) return 130;
  const isOurs = error instanceof BenchmarkError || error instanceof BenchmarkUsageError;
  process.stderr.write(`${isOurs ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  return error instanceof BenchmarkUsageError ? 2 : 1;
}

const interrupting = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => interrupting.abort(new InterruptedError()));
}
try {
  await main(process.argv.slice(2), interrupting.signal);
} catch (error) {
  process.exitCode = toExitCode(interrupting.signal.aborted ? interrupting.signal.reason : error);
}
