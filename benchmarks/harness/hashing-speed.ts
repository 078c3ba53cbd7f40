import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { BenchmarkContext } from "./benchmark.ts";
import { findProgram } from "./find-program.ts";

const run = promisify(execFile);

/** As much as a thread of ours reads at a time. */
const BLOCK_BYTES = 1 << 20;

/**
 * Measures how many bytes of memory all cores hash with SHA-256 in a second, which is what nobody who reads them first can
 * reach.
 *
 * @returns in words, if it cannot be told.
 */
export async function measureHashing({ smoke, cores, signal }: BenchmarkContext): Promise<number | string> {
  if ((await findProgram("openssl")) === undefined) return "openssl is not installed";
  const args = ["speed", "-mr", "-evp", "sha256", "-bytes", `${BLOCK_BYTES}`, "-seconds", smoke ? "1" : "5"];
  const { stdout } = await run("openssl", [...args, "-multi", `${cores}`], { signal });
  // The last line of `-mr` is the sum of all processes: `+F:22:sha256:3000000000.00`.
  const [, speed] = stdout.match(/^\+F:\d+:sha256:([0-9.]+)$/im) ?? [];
  return speed === undefined ? "openssl speed was not understood" : Math.round(Number(speed));
}
