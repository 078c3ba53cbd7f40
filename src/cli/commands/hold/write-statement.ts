import { basename, dirname } from "node:path";
import { ConflictError } from "../../../io/errors.ts";
import { isThere } from "../../../io/is-there.ts";
import { tryReadBoundedFile } from "../../../io/read-bounded-file.ts";
import { StagedFile } from "../../../io/staged-file.ts";
import { toTextPieces } from "../../../io/text-pieces.ts";

/**
 * Writes what those sign who approve. Where the very same text stands already, it is left as it is; what else stands there is
 * not replaced, for somebody may have signed it.
 *
 * @throws {ConflictError} something else stands there.
 * @throws {StorageUnavailableError | StorageFullError | NotFoundError} it cannot be written; nothing is left of it.
 */
export async function writeStatement(path: string, statement: string): Promise<void> {
  const bytes = Buffer.from(statement);
  if (await isThere(path)) {
    const standing = await tryReadBoundedFile(path, bytes.length);
    if (standing !== undefined && bytes.equals(standing)) return;
    throw new ConflictError(`already exists: ${path}`, {
      hint: "give --statement a new name; no statement is replaced",
    });
  }
  const staged = new StagedFile(dirname(path), `.${basename(path)}`);
  try {
    await staged.write(toTextPieces([statement]), () => undefined);
    await staged.commit(path);
  } finally {
    await staged.discard();
  }
}
