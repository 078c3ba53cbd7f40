import { stat } from "node:fs/promises";
import { StorageUnavailableError, toStorageError } from "./errors.ts";

/**
 * Makes sure that a path leads to a file with an end of its own: a pipe may never say anything, and a device never end.
 *
 * @throws {NotFoundError} there is nothing.
 * @throws {StorageUnavailableError} it is something else, or cannot be looked at.
 */
export async function assertRegularFile(path: string): Promise<void> {
  const stats = await stat(path).catch((error: unknown) => {
    throw toStorageError(path, error);
  });
  if (!stats.isFile()) throw new StorageUnavailableError(`not a regular file: ${path}`);
}
