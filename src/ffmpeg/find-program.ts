import { access, constants } from "node:fs/promises";
import { delimiter, resolve } from "node:path";

/** Finds a program that we may run in the folders of a PATH, as an absolute path. */
export async function findProgram(name: string, searchPath: string): Promise<string | undefined> {
  const fileName = process.platform === "win32" ? `${name}.exe` : name;
  for (const folder of searchPath.split(delimiter).filter((entry) => entry !== "")) {
    const path = resolve(folder, fileName);
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder, or not to be run by us: the next one may have it.
    }
  }
  return undefined;
}
