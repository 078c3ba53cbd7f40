import type { Benchmark, BenchmarkContext, OpenBenchmark } from "./harness/benchmark.ts";
import { measureHashing } from "./harness/hashing-speed.ts";
import { openArchiveCase } from "./verify-archive.ts";
import { openListedCase } from "./verify-listed.ts";

const FULL = {
  large: { files: 12, sizeBytes: 512 << 20 },
  small: { files: 100_000, sizeBytes: 4096 },
  archive: { count: 2000, secondsEach: 15 },
};
const SMOKE = {
  large: { files: 8, sizeBytes: 3 << 20 },
  small: { files: 2000, sizeBytes: 4096 },
  archive: { count: 40, secondsEach: 15 },
};

/**
 * Verifying by digests: folders with a list of checksums, of few large and of many small files, and an archive. The share that
 * is reached of what the cores can hash is the bytes / the wall seconds / `hashedBytesPerSecond`.
 */
export const verifyBenchmark: Benchmark = {
  name: "verify",
  description: "holdfast verify of listed folders and of an archive against the tools that compute checksums",
  rounds: 3,
  open,
};

async function open(context: BenchmarkContext): Promise<OpenBenchmark> {
  const { large, small, archive } = context.smoke ? SMOKE : FULL;
  return {
    parameters: { hashedBytesPerSecond: await measureHashing(context), cache: "warm" },
    cases: [
      await openListedCase(context, { ...large, name: "large files" }),
      await openListedCase(context, { ...small, name: "small files" }),
      await openArchiveCase(context, archive),
    ],
    close: async () => undefined,
  };
}
