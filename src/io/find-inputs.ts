import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, join, parse, relative, resolve } from "node:path";
import fastGlob from "fast-glob";
import { toStorageError, toSystemCode } from "./errors.ts";
import { toFileId } from "./file-id.ts";
import { globEntries } from "./glob-entries.ts";

/** One file that an argument of the command line stands for. */
export interface InputFile {
  readonly path: string;
  /**
   * Its place below the folder or glob that was named; the bare name for a file that was named itself. Of a listed
   * path its place below the working folder, or below the root if it lies elsewhere.
   */
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
const RECORDING_NAME = /\.(?:wav|wave|mp3|opus|ogg|oga|flac|amr|awb|gsm|g722)$/i;

/** Options of {@link findInputs}. */
export interface FindInputsOptions {
  /** Paths of files and folders that are no globs, whatever their names look like: those of a list. @default [] */
  readonly listed?: readonly string[];
}

type FoundFiles = Omit<FoundInputs, "unmatched">;

/**
 * Finds the files that arguments stand for: a file itself, a folder with all below it, or a glob. A file that
 * several arguments reach is given once, by the first. Symbolic links to folders are not followed.
 *
 * @throws {StorageUnavailableError} a folder cannot be read.
 */
export async function findInputs(
  inputs: readonly string[],
  { listed = [] }: FindInputsOptions = {},
): Promise<FoundInputs> {
  const files = new Map<string, InputFile>();
  const unmatched: string[] = [];
  let leftOut = 0;
  const take = (input: string, found: FoundFiles | undefined) => {
    if (found === undefined) unmatched.push(input);
    for (const file of found?.files ?? []) {
      const place = resolve(file.path);
      if (!files.has(place)) files.set(place, file);
    }
    leftOut += found?.leftOut ?? 0;
  };
  for (const input of inputs) take(input, (await findThere(input)) ?? (await findByGlob(input)));
  for (const path of listed) take(path, await findListed(path));
  return { files: [...files.values()], unmatched, leftOut };
}

/** Finds what stands under a path, which is a glob only if nothing does. */
async function findThere(path: string): Promise<FoundFiles | undefined> {
  const stats = path === "" ? undefined : await tryStat(path);
  if (stats?.isFile()) {
    const file = { path, relativePath: basename(path), sizeBytes: stats.size, fileId: toFileId(stats), isNamed: true };
    return { files: [file], leftOut: 0 };
  }
  if (!stats?.isDirectory()) return undefined;
  const all = await glob("**", path);
  const files = all.filter((file) => file.isRegular && RECORDING_NAME.test(file.path));
  return { files, leftOut: all.length - files.length };
}

async function tryStat(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (toSystemCode(error) === "ENOENT" || toSystemCode(error) === "ENOTDIR") return undefined;
    throw toStorageError(path, error);
  }
}

/** A list reaches into many folders, in which the same names come again: each file keeps its folders. */
async function findListed(path: string): Promise<FoundFiles | undefined> {
  const found = await findThere(path);
  if (found === undefined) return undefined;
  const place = toPlace(path);
  const files = found.files.map((file) => ({
    ...file,
    relativePath: file.isNamed ? place : join(place, file.relativePath),
  }));
  return { ...found, files };
}

function toPlace(path: string): string {
  const place = relative(".", path);
  const full = resolve(path);
  return /^\.\.(?:[/\\]|$)/.test(place) || parse(place).root !== "" ? full.slice(parse(full).root.length) : place;
}

async function findByGlob(pattern: string): Promise<FoundFiles | undefined> {
  if (pattern === "" || !fastGlob.isDynamicPattern(pattern)) return undefined;
  const all = await glob(pattern, undefined);
  const files = all.filter((file) => file.isRegular);
  return all.length === 0 ? undefined : { files, leftOut: all.length - files.length };
}

async function glob(pattern: string, folder: string | undefined): Promise<(InputFile & { isRegular: boolean })[]> {
  const base = folder ?? fastGlob.generateTasks(pattern)[0]?.base ?? ".";
  const found: (InputFile & { isRegular: boolean })[] = [];
  try {
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
  } catch (error) {
    throw toStorageError(base, error);
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}
