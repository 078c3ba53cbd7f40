import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { OpenBenchmark } from "./benchmark.ts";

const run = promisify(execFile);

/** Asks every program of a benchmark that is installed for its version: the first line of what it prints. */
export async function loadProgramVersions({ cases }: OpenBenchmark): Promise<Record<string, string>> {
  const names = cases.flatMap(({ subjects }) => subjects.flatMap(({ programs }) => programs));
  const versions: Record<string, string> = {};
  for (const name of [...new Set(names)].toSorted()) {
    const version = await tryVersion(name);
    if (version !== undefined) versions[name] = version;
  }
  return versions;
}

async function tryVersion(name: string): Promise<string | undefined> {
  for (const flag of ["--version", "-version"]) {
    try {
      const { stdout, stderr } = await run(name, [flag], { timeout: 10_000 });
      return (stdout.trim() || stderr.trim()).split("\n")[0];
    } catch {
      // It is not installed, or has no such flag.
    }
  }
  return undefined;
}
