import { rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { LedgerEntry } from "../core/ledger-event.ts";
import { NotFoundError, toStorageError } from "../io/errors.ts";
import { syncPath } from "../io/make-folder.ts";
import { toLedgerPaths } from "./ledger-paths.ts";
import { tryReadEventAt } from "./read-event-at.ts";

/** Gives where a ledger is made that is to take the place of another, beside it. */
export function toDraftFolder(folder: string): string {
  return `${folder}.new`;
}

/** Reads the event with which a draft begins; undefined when there is no draft, or nothing in it yet. */
export async function tryLoadDraftBeginning(folder: string): Promise<LedgerEntry | undefined> {
  try {
    return (await tryReadEventAt(toLedgerPaths(toDraftFolder(folder)).events, 0))?.entry;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/** Removes a draft that was never finished; all that it holds can be made again. Idempotent. */
export async function discardDraft(folder: string): Promise<void> {
  try {
    await rm(toDraftFolder(folder), { recursive: true, force: true });
  } catch (error) {
    throw toStorageError(folder, error);
  }
}

/**
 * Puts a finished draft where nothing stands any more, at once and durably.
 *
 * @throws {StorageUnavailableError} something stands there.
 */
export async function placeDraft(folder: string): Promise<void> {
  try {
    await rename(toDraftFolder(folder), folder);
    await syncPath(dirname(folder));
  } catch (error) {
    throw toStorageError(folder, error);
  }
}
