import { createHash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { tryReadBootId } from "./boot-id.ts";
import { toStorageError, toSystemCode } from "./errors.ts";

/** A machine and one start of it: a process number means nothing beyond. */
const MACHINE = createHash("sha256").update(`${hostname()} ${tryReadBootId()}`).digest("hex").slice(0, 12);

/** Ends the names of files in the making, so that another run can tell whether their maker is still at work. */
export const OWNER = `${MACHINE}-${process.pid}`;

const OWNED_NAME = new RegExp(`^\\..+\\.${MACHINE}-(\\d+)\\.[0-9a-f]{8}\\.part$`);

/**
 * Removes the files in the making that dead processes of this machine left in a folder. What another machine, or this one
 * before it was started anew, left there stays: nobody here can tell whether it is still being written.
 */
export async function sweepAbandoned(folder: string): Promise<void> {
  try {
    for (const name of await readdir(folder)) {
      const pid = OWNED_NAME.exec(name)?.[1];
      if (pid !== undefined && !isAlive(Number(pid))) await rm(join(folder, name), { force: true });
    }
  } catch (error) {
    if (toSystemCode(error) !== "ENOENT") throw toStorageError(folder, error);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return toSystemCode(error) !== "ESRCH";
  }
}
