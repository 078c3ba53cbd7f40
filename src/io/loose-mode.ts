import { stat } from "node:fs/promises";
import { toStorageError } from "./errors.ts";

/**
 * Looks at whether a file or folder lets others in than its owner.
 *
 * @returns its mode, such as `0644`, if it does; undefined for what is neither file nor folder, and on Windows, where the
 * mode says nothing. Access lists are not looked at.
 * @throws {NotFoundError} there is nothing.
 */
export async function findLooseMode(path: string): Promise<string | undefined> {
  const stats = await stat(path).catch((error: unknown) => {
    throw toStorageError(path, error);
  });
  if (process.platform === "win32" || !(stats.isFile() || stats.isDirectory())) return undefined;
  const mode = stats.mode & 0o777;
  return (mode & 0o077) === 0 ? undefined : mode.toString(8).padStart(4, "0");
}
