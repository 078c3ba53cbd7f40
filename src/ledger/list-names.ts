import { readdir } from "node:fs/promises";
import { toStorageError, toSystemCode } from "../io/errors.ts";

/** Lists the names in a folder; one that is not there has none. */
export async function listNames(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (toSystemCode(error) === "ENOENT") return [];
    throw toStorageError(folder, error);
  }
}
