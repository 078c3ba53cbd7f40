import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { resolve } from "node:path";
import fastGlob from "fast-glob";
import { toSystemCode } from "./errors.ts";

/** Something that is no folder, with its path as the pattern reached it. */
export interface GlobEntry {
  readonly path: string;
  /** Undefined when it cannot be looked at: it vanished, or its name is no UTF-8, which Node cannot spell. */
  readonly stats: Stats | undefined;
}

/** Where a pattern is looked for. */
export interface GlobOptions {
  /** @default the working folder */
  readonly folder?: string | undefined;
  /** Whether names that begin with a dot are taken too. */
  readonly hidden: boolean;
}

/**
 * Gives all that a pattern matches and that is no folder, without following symbolic links, in the file system's order.
 * Asked for the stats itself, fast-glob would leave out in silence what it cannot look at.
 *
 * @throws the system's error for a folder that cannot be read.
 */
export async function* globEntries(pattern: string, { folder, hidden }: GlobOptions): AsyncGenerator<GlobEntry> {
  const entries = fastGlob.stream(pattern, {
    ...(folder === undefined ? {} : { cwd: folder }),
    dot: hidden,
    onlyFiles: false,
    followSymbolicLinks: false,
    objectMode: true,
  });
  for await (const entry of entries as AsyncIterable<string | fastGlob.Entry>) {
    if (typeof entry === "string") throw new Error("internal error: fast-glob gave a bare path");
    if (entry.dirent.isDirectory()) continue;
    yield { path: entry.path, stats: await tryLstat(resolve(folder ?? ".", entry.path)) };
  }
}

async function tryLstat(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (toSystemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
