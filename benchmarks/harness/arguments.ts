import { parseArgs } from "node:util";
import { BenchmarkUsageError } from "./errors.ts";

/** What the command line asks for. */
export interface BenchmarkArguments {
  /** In the order given; none: the list is wanted. */
  readonly names: readonly string[];
  /** Tiny inputs and one round, to see that everything works. */
  readonly smoke: boolean;
  /** Undefined: as many as the benchmark itself says. */
  readonly rounds: number | undefined;
}

/** More rounds than this are a mistake in typing. */
const MAX_ROUNDS = 99;

/**
 * Reads `NAME… [--smoke] [--rounds N]`; `all` stands for every known name.
 *
 * @throws {BenchmarkUsageError} an unknown name or flag, or a number of rounds that is none.
 */
export function parseArguments(argv: readonly string[], known: readonly string[]): BenchmarkArguments {
  const { values, positionals } = readArguments(argv);
  const names = [...new Set(positionals.flatMap((name) => (name === "all" ? known : [name])))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new BenchmarkUsageError(`no benchmark is called ${unknown}: choose of ${known.join(", ")}, all`);
  }
  return { names, smoke: values.smoke === true, rounds: toRounds(values.rounds) };
}

function readArguments(argv: readonly string[]) {
  try {
    const options = { smoke: { type: "boolean" }, rounds: { type: "string" } } as const;
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new BenchmarkUsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function toRounds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rounds = Number(text);
  if (/^\d+$/.test(text) && rounds >= 1 && rounds <= MAX_ROUNDS) return rounds;
  throw new BenchmarkUsageError(`--rounds takes a whole number from 1 to ${MAX_ROUNDS}, not ${text}`);
}
