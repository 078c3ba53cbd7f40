import { stat } from "node:fs/promises";
import { toStorageError } from "./errors.ts";

/**
 * Tells what a path leads to, through symbolic links.
 *
 * @throws {NotFoundError} there is nothing.
 * @throws {StorageUnavailableError} it cannot be told.
 */
export async function loadPathKind(path: string): Promise<"folder" | "regular" | "other"> {
  try {
    const stats = await stat(path);
    return stats.isDirectory() ? "folder" : stats.isFile() ? "regular" : "other";
  } catch (error) {
    throw toStorageError(path, error);
  }
}
