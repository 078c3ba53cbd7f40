import { type Kysely, type Migration, sql } from "kysely";

const COLUMNS = ["call_from", "call_to", "call_direction"];

/**
 * Who called whom. What is there already stays unknown, and need not be indexed again: no sidecar of before tells of it. A
 * kill may come between two columns, and SQLite adds none twice.
 */
export const callDetails: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const { rows } = await sql<{ name: string }>`SELECT name FROM pragma_table_info('recordings')`.execute(db);
    const there = new Set(rows.map(({ name }) => name));
    for (const column of COLUMNS.filter((name) => !there.has(name))) {
      await sql.raw(`ALTER TABLE recordings ADD COLUMN ${column} TEXT`).execute(db);
    }
  },
};
