import { lstat } from "node:fs/promises";
import { toStorageError, toSystemCode } from "./errors.ts";

/**
 * Tells whether anything, of whatever kind, stands under a path.
 *
 * @throws {StorageUnavailableError} it cannot be told.
 */
export async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(toSystemCode(error) ?? "")) return false;
    throw toStorageError(path, error);
  }
}
