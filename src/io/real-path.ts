import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { toStorageError, toSystemCode } from "./errors.ts";

/**
 * Resolves all symbolic links of a path, as far as it is there; the rest may be made later.
 *
 * @throws {StorageUnavailableError} it cannot be told where it leads.
 */
export async function toRealPath(path: string): Promise<string> {
  const full = resolve(path);
  try {
    return await realpath(full);
  } catch (error) {
    // Below a file there is nothing either; making a folder there will say so.
    if (!["ENOENT", "ENOTDIR"].includes(toSystemCode(error) ?? "") || dirname(full) === full)
      throw toStorageError(full, error);
    return join(await toRealPath(dirname(full)), basename(full));
  }
}
