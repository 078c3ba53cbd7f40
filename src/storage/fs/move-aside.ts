import { rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { ConflictError, NotFoundError, toStorageError } from "../../io/errors.ts";
import { isThere } from "../../io/is-there.ts";
import { syncPath } from "../../io/make-folder.ts";
import type { StagedFile } from "../../io/staged-file.ts";

/** Where something goes, and the note that is to lie beside it. */
interface AsidePlace {
  readonly path: string;
  readonly notePath: string;
  /** Not yet written; it becomes the note. */
  readonly record: StagedFile;
  readonly text: string;
}

/**
 * Moves whatever stands at a path within its file system, the note first. Both are on disk when it returns.
 *
 * @throws {NotFoundError} nothing stands there.
 * @throws {ConflictError} something stands where it is to go.
 */
export async function moveAside(from: string, { path, notePath, record, text }: AsidePlace): Promise<void> {
  if (!(await isThere(from))) throw new NotFoundError(`not found: ${from}`);
  if (await isThere(path)) throw new ConflictError(`already exists: ${path}`);
  try {
    await record.write(Readable.from([Buffer.from(text)]), () => undefined);
    await record.commit(notePath, { overwrite: true });
  } finally {
    await record.discard();
  }
  try {
    await rename(from, path);
  } catch (error) {
    await rm(notePath, { force: true }).catch(() => undefined); // The first error counts.
    throw toStorageError(from, error);
  }
  await syncFolders([dirname(path), dirname(from)]);
}

/** The new name first: a power cut may then leave both, but never none. */
async function syncFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    try {
      await syncPath(folder);
    } catch (error) {
      throw toStorageError(folder, error);
    }
  }
}
