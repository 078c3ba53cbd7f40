import { type Kysely, type Migration, sql } from "kysely";

const COLUMNS = [
  { name: "ledger_size", type: "INTEGER NOT NULL DEFAULT 0" },
  { name: "proof", type: "TEXT NOT NULL DEFAULT ''" },
];

/** What vouches for notes. Those that are there already nobody vouches for. A kill may come between the columns. */
export const vouchedNotes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const { name, type } of COLUMNS) {
      const { rows } = await sql`SELECT 1 FROM pragma_table_info('pending_sidecars') WHERE name = ${name}`.execute(db);
      if (rows.length === 0) await sql.raw(`ALTER TABLE pending_sidecars ADD COLUMN ${name} ${type}`).execute(db);
    }
  },
};
