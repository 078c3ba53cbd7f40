import { createHash } from "node:crypto";
import { lstat, readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { tryReadBootId } from "./boot-id.ts";
import { toStorageError, toSystemCode } from "./errors.ts";

/** A machine and one start of it: a process number means nothing beyond. */
const MACHINE = createHash("sha256").update(`${hostname()} ${tryReadBootId()}`).digest("hex").slice(0, 12);

/** Ends the names of files in the making, so that another run can tell whether their maker is still at work. */
export const OWNER = `${MACHINE}-${process.pid}`;

const OWNED_FILE = new RegExp(`^\\..+\\.${MACHINE}-(\\d+)\\.[0-9a-f]{8}\\.part$`);
const OWNED_FOLDER = new RegExp(`^holdfast-.+\\.${MACHINE}-(\\d+)\\.[0-9A-Za-z]{6}$`);

/**
 * Removes the files and folders in the making that dead processes of this machine left in a folder. What another machine, or
 * this one before it was started anew, left there stays: nobody here can tell whether it is still being written.
 */
export async function sweepAbandoned(folder: string): Promise<void> {
  for (const path of await findAbandoned(folder, OWNED_FILE)) {
    await rm(path, { recursive: true, force: true }).catch((error: unknown) => {
      throw toStorageError(path, error);
    });
  }
}

/**
 * Removes the working folders, with all that is in them, that dead processes of this machine and this user left among the
 * system's temporary files. Another user's stay, whatever they are called: everybody may write there, and who owns a folder
 * can swap what is in it for a link while it is being removed.
 */
export async function sweepWorkingFolders(): Promise<void> {
  for (const path of await findAbandoned(tmpdir(), OWNED_FOLDER)) {
    // Another run may do the same at this moment; and what will not go is in nobody's way.
    if (await isOwnFolder(path)) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function isOwnFolder(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined);
  return stats?.isDirectory() === true && stats.uid === (process.getuid?.() ?? stats.uid);
}

async function findAbandoned(folder: string, owned: RegExp): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => isAbandoned(owned.exec(name)?.[1])).map((name) => join(folder, name));
  } catch (error) {
    if (toSystemCode(error) === "ENOENT") return [];
    throw toStorageError(folder, error);
  }
}

function isAbandoned(pid: string | undefined): boolean {
  return pid !== undefined && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return toSystemCode(error) !== "ESRCH";
  }
}
