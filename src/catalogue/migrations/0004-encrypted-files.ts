import { type Kysely, type Migration, sql } from "kysely";

const COLUMNS = [
  { table: "files", name: "plain_size_bytes", type: "INTEGER" },
  { table: "files", name: "plain_sha256", type: "TEXT" },
  { table: "pending_sidecars", name: "key_in_sidecar", type: "INTEGER NOT NULL DEFAULT 0" },
];

/**
 * What encrypted files hold. What is there already is in the clear. A kill may come between two columns, and SQLite adds none
 * twice.
 */
export const encryptedFiles: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const { table, name, type } of COLUMNS) {
      const { rows } = await sql`SELECT 1 FROM pragma_table_info(${table}) WHERE name = ${name}`.execute(db);
      if (rows.length === 0) await sql.raw(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`).execute(db);
    }
  },
};
