import { statfs } from "node:fs/promises";
import { DISK_FULL_HINT, StorageFullError, toStorageError } from "./errors.ts";

/**
 * Makes sure that there is room for so many bytes on the file system of a folder.
 *
 * @throws {StorageFullError} there is less.
 */
export async function assertFreeBytes(folder: string, wantedBytes: number): Promise<void> {
  try {
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize >= wantedBytes) return;
  } catch (error) {
    throw toStorageError(folder, error);
  }
  throw new StorageFullError(`no space left for ${wantedBytes} bytes in ${folder}`, { hint: DISK_FULL_HINT });
}
