import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { CatalogueLockedError } from "../errors.ts";

/** The one writer's right to an archive. */
export interface WriterLock {
  release(): void;
}

/**
 * Takes the archive for this process: an exclusive transaction on an empty SQLite file. The operating system
 * gives the lock back however the process ends, so no stale lock is ever left behind by a crash.
 *
 * @throws {CatalogueLockedError} another process has it.
 */
export function takeWriterLock(path: string): WriterLock {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (!(error instanceof Error && /locked|busy/i.test(error.message))) throw error;
    throw new CatalogueLockedError(`another run is at work on this archive (${path})`, {
      cause: error,
      hint: "wait until it has ended, or stop it, and run the command again",
    });
  }
  return { release: () => database.close() };
}
