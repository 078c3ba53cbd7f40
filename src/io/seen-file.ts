import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { toSystemCode } from "./errors.ts";
import { toFileId } from "./file-id.ts";

/** Something that is no folder, as a walk or a glob came upon it. */
export interface SeenFile {
  /** As the search was asked for it. */
  readonly path: string;
  /** 0 for what cannot be looked at: it vanished, or its name is no UTF-8, which Node cannot spell. */
  readonly sizeBytes: number;
  /** False for a symbolic link, a socket or a device, and for what cannot be looked at. */
  readonly isRegular: boolean;
  /** Undefined for what cannot be looked at. */
  readonly fileId: string | undefined;
}

/** Is told of a folder or file that the system does not let us look at; the search goes on without it. */
export type OnUnreadable = (path: string, error: unknown) => void;

/**
 * Looks at a file without following a link.
 *
 * @param path - What the result calls it.
 * @throws the system's error when it is there and cannot be looked at.
 */
export async function seeFile(fullPath: string, path: string): Promise<SeenFile> {
  const stats = await tryLstat(fullPath);
  return {
    path,
    sizeBytes: stats?.size ?? 0,
    isRegular: stats?.isFile() === true,
    fileId: stats === undefined ? undefined : toFileId(stats),
  };
}

async function tryLstat(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (toSystemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
