import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Finds a program on PATH, or gives undefined when it is not installed. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter).filter((entry) => entry !== "")) {
    const path = join(folder, name);
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder, or not to be run by us: the next one may have it.
    }
  }
  return undefined;
}

/** Gives those of the programs that are not installed. */
export async function findMissing(names: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(names.map(findProgram));
  return names.filter((_, index) => found[index] === undefined);
}
