import { stat } from "node:fs/promises";
import { toStorageError } from "./errors.ts";

/** Where a file really lies, whatever paths and links lead to it. */
export interface Whereabouts {
  /** What is lost together: the device of a file system, or a bucket. */
  readonly storage: string;
  /** The file itself, by which other names of it are known; undefined where there are no such names. */
  readonly fileId: string | undefined;
}

/**
 * Finds out where the file lies that a path leads to.
 *
 * @throws {NotFoundError} there is none.
 * @throws {StorageUnavailableError} it cannot be told.
 */
export async function loadWhereabouts(path: string): Promise<Whereabouts> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return { storage: `device ${dev}`, fileId: `${dev}:${ino}` };
  } catch (error) {
    throw toStorageError(path, error);
  }
}
