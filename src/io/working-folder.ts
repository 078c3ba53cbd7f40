import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OWNER } from "./abandoned-files.ts";
import { toStorageError } from "./errors.ts";

/**
 * Calls `use` with an empty folder among the system's temporary files that nobody else may look into, and removes it with
 * all that is in it when `use` settles. Of a process that was killed, `sweepWorkingFolders` removes it.
 *
 * @param purpose - Stands in the folder's name.
 * @throws {StorageFullError | StorageUnavailableError} it cannot be made or removed.
 */
export async function withWorkingFolder<T>(purpose: string, use: (folder: string) => Promise<T>): Promise<T> {
  const prefix = join(tmpdir(), `holdfast-${purpose}.${OWNER}.`);
  const folder = await guard(prefix, () => mkdtemp(prefix));
  try {
    return await use(folder);
  } finally {
    await guard(folder, () => rm(folder, { recursive: true, force: true }));
  }
}

async function guard<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw toStorageError(path, error);
  }
}
