import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repositoryPath } from "./repository.ts";
import { BenchmarkResult } from "./schema.ts";

/** Writes a result to `benchmarks/results/`, over the last one of that name, and gives its path. */
export async function writeResult(result: BenchmarkResult): Promise<string> {
  const folder = repositoryPath("benchmarks/results");
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${result.name}.json`);
  await writeFile(path, `${JSON.stringify(BenchmarkResult.parse(result), null, 2)}\n`);
  return path;
}
