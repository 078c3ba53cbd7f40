import { readFile } from "node:fs/promises";
import { toStorageError } from "./errors.ts";

/**
 * Reads a small file at once.
 *
 * @throws {NotFoundError} there is no such file.
 * @throws {StorageUnavailableError} it cannot be read.
 */
export async function readWholeFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw toStorageError(path, error);
  }
}
