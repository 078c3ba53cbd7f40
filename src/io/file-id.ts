import { stat } from "node:fs/promises";
import { toStorageError, toSystemCode } from "./errors.ts";

/** Names a file by device and inode, which links of either kind and other spellings of its path share. */
export function toFileId({ dev, ino }: { readonly dev: number; readonly ino: number }): string {
  return `${dev}:${ino}`;
}

/**
 * Names the file that a path leads to.
 *
 * @returns undefined when there is none.
 * @throws {StorageUnavailableError} it cannot be told.
 */
export async function tryLoadFileId(path: string): Promise<string | undefined> {
  try {
    return toFileId(await stat(path));
  } catch (error) {
    if (toSystemCode(error) === "ENOENT") return undefined;
    throw toStorageError(path, error);
  }
}
