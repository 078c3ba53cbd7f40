import { realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { toSystemCode } from "./errors.ts";
import { isThere } from "./is-there.ts";

/**
 * Finds the nearest folder, from `folder` upwards, that holds a file of this name. Symbolic links are followed; a
 * folder that is not there yet is looked for from the one above it.
 */
export async function findUpwards(folder: string, name: string): Promise<string | undefined> {
  let current = await toRealPath(resolve(folder));
  for (;;) {
    if (await isThere(join(current, name))) return current;
    const parent = dirname(current);
    if (parent === current) return undefined;
    current = parent;
  }
}

async function toRealPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (toSystemCode(error) !== "ENOENT" || dirname(path) === path) throw error;
    return toRealPath(dirname(path));
  }
}
