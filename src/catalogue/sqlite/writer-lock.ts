import { dirname } from "node:path";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { StorageUnavailableError } from "../../io/errors.ts";
import { makeFolder } from "../../io/make-folder.ts";
import { makePrivateFile } from "../../io/make-private-file.ts";
import { PRIVATE } from "../../io/permissions.ts";
import { CatalogueLockedError } from "../errors.ts";

/** The one writer's right to an archive. */
export interface WriterLock {
  /** Gives the right back. Idempotent. */
  release(): void;
}

/**
 * Takes the archive for this process: an exclusive transaction on an empty SQLite file. The operating system
 * gives the lock back however the process ends, so no stale lock is ever left behind by a crash.
 *
 * @throws {CatalogueLockedError} another process has it.
 * @throws {StorageUnavailableError} the file cannot be made or written: wrong place, permissions, read-only media.
 */
export async function takeWriterLock(path: string): Promise<WriterLock> {
  const database = await openLockFile(path);
  try {
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (!(error instanceof Error && /locked|busy/i.test(error.message))) throw toUnwritable(path, error);
    throw new CatalogueLockedError(`another run is at work on this archive (${path})`, {
      cause: error,
      hint: "wait until it has ended, or stop it, and run the command again",
    });
  }
  return {
    release: () => {
      if (database.isOpen) database.close();
    },
  };
}

async function openLockFile(path: string): Promise<DatabaseSyncInstance> {
  try {
    await makeFolder(dirname(path), PRIVATE);
    makePrivateFile(path);
    return new DatabaseSync(path);
  } catch (error) {
    throw toUnwritable(path, error);
  }
}

function toUnwritable(path: string, error: unknown): StorageUnavailableError {
  return new StorageUnavailableError(`the archive's lock cannot be taken: ${path}`, {
    cause: error,
    hint: "check that the archive's folder is a folder and that this user may write in it",
  });
}
