import { dirname, join } from "node:path";
import { isThere } from "./is-there.ts";
import { toRealPath } from "./real-path.ts";

/** Finds the nearest folder, from `folder` upwards, that holds a file of this name. Symbolic links are followed. */
export async function findUpwards(folder: string, name: string): Promise<string | undefined> {
  let current = await toRealPath(folder);
  for (;;) {
    if (await isThere(join(current, name))) return current;
    const parent = dirname(current);
    if (parent === current) return undefined;
    current = parent;
  }
}
