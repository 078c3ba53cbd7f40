import type { Outputs } from "./benchmark.ts";
import { BenchmarkError } from "./errors.ts";

/**
 * Holds what one subject brought about against what is right.
 *
 * @param who - The subject and the trial, for the message.
 * @throws {BenchmarkError} they differ, or there is nothing at all, which proves nothing.
 */
export function assertSameOutputs(who: string, found: Outputs, expected: Outputs): void {
  if (expected.size === 0) throw new BenchmarkError(`${who}: there is nothing to compare`);
  for (const [name, value] of expected) {
    const own = found.get(name);
    if (own === undefined) throw new BenchmarkError(`${who}: ${name} is missing`);
    if (own !== value) throw new BenchmarkError(`${who}: ${name} is ${own} instead of ${value}`);
  }
  const surplus = [...found.keys()].find((name) => !expected.has(name));
  if (surplus !== undefined) throw new BenchmarkError(`${who}: ${surplus} should not be there`);
}
