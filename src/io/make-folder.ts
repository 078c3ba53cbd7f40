import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { toSystemCode } from "./errors.ts";
import { BY_UMASK, type Permissions } from "./permissions.ts";

/**
 * Makes a folder and those above it that are missing, each durable when it returns: a name in a folder that a power
 * cut loses would be lost with it. Those that are there keep their modes. Node's own recursive `mkdir` never ends where
 * a folder cannot be made although the one above it is there, as in `/proc`.
 *
 * @throws the system's error.
 */
export async function makeFolder(folder: string, permissions: Permissions = BY_UMASK): Promise<void> {
  const parent = dirname(folder);
  const { folderMode } = permissions;
  try {
    await mkdir(folder, folderMode);
  } catch (error) {
    const code = toSystemCode(error);
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || parent === folder) throw error;
    await makeFolder(parent, permissions);
    await mkdirTolerantly(folder, folderMode);
  }
  await syncPath(parent);
}

/** Another task may have made it in the meantime. */
async function mkdirTolerantly(folder: string, mode: number): Promise<void> {
  try {
    await mkdir(folder, mode);
  } catch (error) {
    if (toSystemCode(error) !== "EEXIST") throw error;
  }
}

/** Brings a file's bytes, or the names in a folder, to disk. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
