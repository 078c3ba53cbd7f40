import { closeSync, openSync } from "node:fs";
import { toStorageError, toSystemCode } from "./errors.ts";
import { PRIVATE } from "./permissions.ts";

/**
 * Makes an empty file for its owner alone, ahead of a library that would make it by the umask. What stands there is left
 * as it is, and not opened: to close it would give back what locks this process has on it.
 *
 * @throws {NotFoundError} its folder is not there.
 * @throws {StorageFullError} no space left.
 * @throws {StorageUnavailableError} any other failure of the file system.
 */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, "wx", PRIVATE.fileMode));
  } catch (error) {
    if (toSystemCode(error) !== "EEXIST") throw toStorageError(path, error);
  }
}
