import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname, join, parse, relative, resolve } from "node:path";
import { RECORD_SUFFIX } from "../core/record-name.ts";
import type { PlanFailure } from "../core/run-log.ts";
import { toStorageError, toSystemCode } from "./errors.ts";
import { toFileId } from "./file-id.ts";
import { globEntries, isGlob, toGlobFolders } from "./glob-entries.ts";
import { liesWithin } from "./lies-within.ts";
import type { OnUnreadable, SeenFile } from "./seen-file.ts";
import { walkFiles } from "./walk-files.ts";

/** One file that an argument of the command line stands for. */
export interface InputFile {
  readonly path: string;
  /**
   * Its place below the folder or glob that was named; the bare name for a file that was named itself. Of a listed
   * path its place below the working folder, or below the root if it lies elsewhere.
   */
  readonly relativePath: string;
  readonly sizeBytes: number;
  /** The folder that was named, or in which the glob begins; undefined for a file that was named itself. */
  readonly foundIn: string | undefined;
  /** Which file it is, whatever its name: device and inode. */
  readonly fileId: string;
}

/** All files that a list of arguments stands for. */
export interface FoundInputs {
  readonly files: readonly InputFile[];
  /** Arguments that stand for nothing, or for something without an end of its own, such as a pipe or a device. */
  readonly unmatched: readonly string[];
  /** What the system does not let us look at: arguments, folders below them, files. */
  readonly unreadable: readonly PlanFailure[];
  /**
   * What was left out of folders and globs: other names than those of recordings, symbolic links, pipes, devices. Our
   * own records beside recordings are left out and not counted.
   */
  readonly leftOut: number;
}

/** In a folder only these are taken; a file that is named itself, or by a glob, may be called anything. */
const RECORDING_NAME = /\.(?:wav|wave|mp3|opus|ogg|oga|flac|amr|awb|gsm|g722)$/i;

/** Options of {@link findInputs}. */
export interface FindInputsOptions {
  /** Paths of files and folders that are no globs, whatever their names look like: those of a list. @default [] */
  readonly listed?: readonly string[];
}

type FoundFiles = Pick<FoundInputs, "files" | "leftOut">;

/**
 * Finds the files that arguments stand for: a file itself, a folder with all below it, or a glob. A file that
 * several arguments reach is given once, by the first. Symbolic links to folders are not followed.
 */
export async function findInputs(
  inputs: readonly string[],
  { listed = [] }: FindInputsOptions = {},
): Promise<FoundInputs> {
  const files = new Map<string, InputFile>();
  const unmatched: string[] = [];
  const unreadable: PlanFailure[] = [];
  let leftOut = 0;
  const onUnreadable = (path: string, error: unknown) => {
    unreadable.push({ subject: path, error: toStorageError(path, error) });
  };
  const take = (input: string, found: FoundFiles | undefined) => {
    if (found === undefined) unmatched.push(input);
    for (const file of found?.files ?? []) {
      const place = resolve(file.path);
      if (!files.has(place)) files.set(place, file);
    }
    leftOut += found?.leftOut ?? 0;
  };
  for (const input of inputs) {
    take(input, (await findThere(input, onUnreadable)) ?? (await findByGlob(input, onUnreadable)));
  }
  for (const path of listed) take(path, await findListed(path, onUnreadable));
  return { files: [...files.values()], unmatched, unreadable, leftOut };
}

/** Finds what stands under a path, which is a glob only if nothing does. */
async function findThere(path: string, onUnreadable: OnUnreadable): Promise<FoundFiles | undefined> {
  let stats: Stats | undefined;
  try {
    stats = path === "" ? undefined : await tryStat(path);
  } catch (error) {
    onUnreadable(path, error);
    return { files: [], leftOut: 0 };
  }
  if (stats?.isFile()) {
    const { size: sizeBytes } = stats;
    const file = { path, relativePath: basename(path), sizeBytes, fileId: toFileId(stats), foundIn: undefined };
    return { files: [file], leftOut: 0 };
  }
  return stats?.isDirectory() ? findInFolder(path, onUnreadable) : undefined;
}

async function tryStat(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    // Nothing can have a name that is too long; a glob can.
    if (["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(toSystemCode(error) ?? "")) return undefined;
    throw error;
  }
}

async function findInFolder(folder: string, onUnreadable: OnUnreadable): Promise<FoundFiles> {
  const all: SeenFile[] = [];
  for await (const file of walkFiles(folder, onUnreadable)) {
    all.push({ ...file, path: `${folder.replace(/\/+$/, "")}/${file.path}` });
  }
  return toFound(all, folder, ({ path }) => RECORDING_NAME.test(path));
}

/** A list reaches into many folders, in which the same names come again: each file keeps its folders. */
async function findListed(path: string, onUnreadable: OnUnreadable): Promise<FoundFiles | undefined> {
  const found = await findThere(path, onUnreadable);
  if (found === undefined) return undefined;
  const place = toPlace(path);
  const files = found.files.map((file) => ({
    ...file,
    relativePath: file.foundIn === undefined ? place : join(place, file.relativePath),
  }));
  return { ...found, files };
}

function toPlace(path: string): string {
  const full = resolve(path);
  return liesWithin(".", path) ? relative(".", path) : full.slice(parse(full).root.length);
}

async function findByGlob(pattern: string, onUnreadable: OnUnreadable): Promise<FoundFiles | undefined> {
  if (!isGlob(pattern)) return undefined;
  const all: SeenFile[] = [];
  let isStopped = false;
  const tell: OnUnreadable = (path, error) => {
    isStopped = true;
    onUnreadable(path, error);
  };
  for await (const file of globEntries(pattern, tell)) all.push(file);
  if (all.length === 0) return isStopped ? { files: [], leftOut: 0 } : undefined;
  return toFound(all, toCommonFolder(toGlobFolders(pattern)), () => true);
}

/** Alternatives of a glob may begin in several folders. */
function toCommonFolder(folders: readonly string[]): string {
  const [first = ".", ...others] = folders;
  let common = first;
  for (const folder of others) while (!liesWithin(common, folder)) common = dirname(resolve(common));
  return common;
}

function toFound(all: readonly SeenFile[], folder: string, isWanted: (file: SeenFile) => boolean): FoundFiles {
  const files: InputFile[] = [];
  let leftOut = 0;
  for (const file of all) {
    const { path, sizeBytes, fileId, isRegular } = file;
    if (path.endsWith(RECORD_SUFFIX)) continue;
    if (!isRegular || fileId === undefined || !isWanted(file)) leftOut += 1;
    else files.push({ path, relativePath: relative(folder, path), sizeBytes, fileId, foundIn: folder });
  }
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), leftOut };
}
