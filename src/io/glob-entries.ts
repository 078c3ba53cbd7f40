import { resolve } from "node:path";
import fastGlob from "fast-glob";
import { fromMatchable, toGlobFileSystem, toMatchable } from "./glob-file-system.ts";
import { type OnUnreadable, type SeenFile, seeFile } from "./seen-file.ts";

/** Tells whether a text is a pattern, and not just the name of something. */
export function isGlob(text: string): boolean {
  return text !== "" && fastGlob.isDynamicPattern(text);
}

/** Gives the folders that a pattern begins in: several when it has alternatives. */
export function toGlobFolders(pattern: string): readonly string[] {
  return fastGlob.generateTasks(toMatchable(pattern)).map(({ base }) => fromMatchable(base));
}

/**
 * Gives all that a pattern matches and that is no folder, without following symbolic links, in the file system's order.
 * Names that begin with a dot are matched only by patterns that spell the dot.
 */
export async function* globEntries(pattern: string, onUnreadable: OnUnreadable): AsyncGenerator<SeenFile> {
  const roots = new Set(toGlobFolders(pattern).map((folder) => toMatchable(resolve(folder))));
  const entries = fastGlob.stream(toMatchable(pattern), {
    onlyFiles: false,
    followSymbolicLinks: false,
    objectMode: true,
    // It is the file system below that tells of them.
    suppressErrors: true,
    fs: toGlobFileSystem(roots, onUnreadable),
  });
  for await (const entry of entries as AsyncIterable<string | fastGlob.Entry>) {
    if (typeof entry === "string") throw new Error("internal error: fast-glob gave a bare path");
    if (entry.dirent.isDirectory()) continue;
    const path = fromMatchable(entry.path);
    try {
      yield await seeFile(path, path);
    } catch (error) {
      onUnreadable(path, error);
    }
  }
}
