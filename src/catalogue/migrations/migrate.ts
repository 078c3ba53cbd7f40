import { type Kysely, type Migration, Migrator } from "kysely";
import { isHoldfastError } from "../../core/errors.ts";
import type { Database } from "../database.ts";
import { CatalogueInvalidError, REBUILD_HINT } from "../errors.ts";
import { recordingsAndFiles } from "./0001-recordings-and-files.ts";
import { checks } from "./0002-checks.ts";
import { callDetails } from "./0003-call-details.ts";
import { encryptedFiles } from "./0004-encrypted-files.ts";
import { vouchedNotes } from "./0005-vouched-notes.ts";

/** All migrations under their names, which decide the order and are never changed. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "0001-recordings-and-files": recordingsAndFiles,
  "0002-checks": checks,
  "0003-call-details": callDetails,
  "0004-encrypted-files": encryptedFiles,
  "0005-vouched-notes": vouchedNotes,
};

/**
 * Brings a database to the newest schema.
 *
 * @throws {CatalogueInvalidError} it is of a newer Holdfast, or cannot be migrated.
 * @throws {StorageFullError} no space left.
 */
export async function migrate(db: Kysely<Database>, location: string): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
  const { error } = await migrator.migrateToLatest();
  if (isHoldfastError(error)) throw error;
  if (error !== undefined) {
    throw new CatalogueInvalidError(`cannot read the catalogue: ${location}`, {
      cause: error,
      hint: REBUILD_HINT,
    });
  }
}
