import { execFile } from "node:child_process";
import { access, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { BenchmarkError } from "./errors.ts";
import { hashFolder, sha256 } from "./hash-folder.ts";
import type { Software } from "./schema.ts";

const run = promisify(execFile);

/** What decides the figures; other files may differ from the commit without harm. */
const MEASURED_PATHS = ["src", "bin", "benchmarks", ":!benchmarks/results", ":!benchmarks/*.md", "package-lock.json"];

/** Gives the path of something in this repository. */
export function repositoryPath(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/**
 * Makes sure that there is a built program to measure.
 *
 * @throws {BenchmarkError} there is none.
 */
export async function assertBuilt(): Promise<void> {
  try {
    await access(repositoryPath("dist/cli/main.js"));
  } catch (error) {
    throw new BenchmarkError("the build is missing: run `npm run build` first, or `npm run bench`", { cause: error });
  }
}

/** Computes one digest over all of the built program. */
export async function hashBuild(): Promise<string> {
  const digests = await hashFolder(repositoryPath("dist"));
  digests.delete(".tsbuildinfo");
  return sha256([...digests].flat().join("\n"));
}

/** Describes the Holdfast that is measured. */
export async function loadHoldfast(): Promise<Software["holdfast"]> {
  const manifest: unknown = JSON.parse(await readFile(repositoryPath("package.json"), "utf8"));
  const version = (manifest as { readonly version?: unknown }).version;
  const status = await git("status", "--porcelain", "--", ...MEASURED_PATHS);
  return {
    version: String(version),
    commit: (await git("rev-parse", "HEAD")).trim(),
    uncommitted: status.split("\n").flatMap((line) => (line === "" ? [] : [line.slice(3)])),
    build: await hashBuild(),
  };
}

async function git(...args: readonly string[]): Promise<string> {
  try {
    return (await run("git", [...args], { cwd: repositoryPath(".") })).stdout;
  } catch (error) {
    throw new BenchmarkError("git does not tell which commit is measured", { cause: error });
  }
}
