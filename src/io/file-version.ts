import { stat } from "node:fs/promises";
import { toStorageError } from "./errors.ts";

/**
 * Gives what tells whether a file is still the one that was read: which file it is, how long, and when its bytes and the
 * rest of it were last changed. Two equal versions are no proof, two different ones are a reason to distrust.
 *
 * @throws {NotFoundError} there is no such file.
 */
export async function loadFileVersion(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(":");
  } catch (error) {
    throw toStorageError(path, error);
  }
}
