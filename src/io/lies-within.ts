import { isAbsolute, relative } from "node:path";

/** Tells whether a path is that of a folder or leads to somewhere below it. Links are not resolved. */
export function liesWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  // On Windows the way to another drive is an absolute path.
  return !/^\.\.(?:[/\\]|$)/.test(way) && !isAbsolute(way);
}
