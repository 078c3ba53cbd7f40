import { stat } from "node:fs/promises";
import { basename, relative, resolve } from "node:path";
import fastGlob from "fast-glob";
import { toStorageError, toSystemCode } from "./errors.ts";
import { toFileId } from "./file-id.ts";
import { globEntries } from "./glob-entries.ts";

/** One file that an argument of the command line stands for. */
export interface InputFile {
  readonly path: string;
  /** Its place below the folder or glob that was named; the bare name for a file that was named itself. */
  readonly relativePath: string;
  readonly sizeBytes: number;
  /** Whether it was named itself, and not found in a folder or by a glob. */
  readonly isNamed: boolean;
  /** Which file it is, whatever its name: device and inode. */
  readonly fileId: string;
}

/** All files that a list of arguments stands for. */
export interface FoundInputs {
  readonly files: readonly InputFile[];
  /** Arguments that stand for nothing, or for something without an end of its own, such as a pipe or a device. */
  readonly unmatched: readonly string[];
  /** What was left out of folders and globs: other names than those of recordings, symbolic links, pipes, devices. */
  readonly leftOut: number;
}

/** In a folder only these are taken; a file that is named itself, or by a glob, may be called anything. */
const RECORDING_NAME = /\.(?:wav|wave|mp3|opus|ogg|oga)$/i;

/**
 * Finds the files that arguments stand for: a file itself, a folder with all below it, or a glob. A file that
 * several arguments reach is given once. Symbolic links to folders are not followed.
 *
 * @throws {StorageUnavailableError} a folder cannot be read.
 */
export async function findInputs(inputs: readonly string[]): Promise<FoundInputs> {
  const files = new Map<string, InputFile>();
  const unmatched: string[] = [];
  let leftOut = 0;
  for (const input of inputs) {
    const found = await findInput(input);
    if (found === undefined) unmatched.push(input);
    for (const file of found?.files ?? []) {
      const place = resolve(file.path);
      if (!files.has(place)) files.set(place, file);
    }
    leftOut += found?.leftOut ?? 0;
  }
  return { files: [...files.values()], unmatched, leftOut };
}

async function findInput(input: string): Promise<Omit<FoundInputs, "unmatched"> | undefined> {
  if (input === "") return undefined;
  try {
    const stats = await stat(input);
    if (!stats.isFile() && !stats.isDirectory()) return undefined;
    if (stats.isFile()) {
      return {
        files: [
          { path: input, relativePath: basename(input), sizeBytes: stats.size, fileId: toFileId(stats), isNamed: true },
        ],
        leftOut: 0,
      };
    }
    const all = await glob("**", input);
    const files = all.filter((file) => file.isRegular && RECORDING_NAME.test(file.path));
    return { files, leftOut: all.length - files.length };
  } catch (error) {
    if (toSystemCode(error) !== "ENOENT") throw toStorageError(input, error);
  }
  if (!fastGlob.isDynamicPattern(input)) return undefined;
  const all = await glob(input, undefined);
  const files = all.filter((file) => file.isRegular);
  return all.length === 0 ? undefined : { files, leftOut: all.length - files.length };
}

async function glob(pattern: string, folder: string | undefined): Promise<(InputFile & { isRegular: boolean })[]> {
  const base = folder ?? fastGlob.generateTasks(pattern)[0]?.base ?? ".";
  const found: (InputFile & { isRegular: boolean })[] = [];
  for await (const { path, stats } of globEntries(pattern, { folder, hidden: folder !== undefined })) {
    const full = folder === undefined ? path : `${folder.replace(/\/+$/, "")}/${path}`;
    found.push({
      path: full,
      relativePath: relative(base, full),
      sizeBytes: stats?.size ?? 0,
      fileId: stats === undefined ? full : toFileId(stats),
      isNamed: false,
      isRegular: stats?.isFile() === true,
    });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}
