import type { Kysely, Migration } from "kysely";

/** The first tables: recordings, and the files that must stand in the archive for each. */
export const recordingsAndFiles: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("recordings")
      .addColumn("recording_id", "text", (column) => column.primaryKey().notNull())
      .addColumn("call_id", "text", (column) => column.notNull())
      .addColumn("created_at_ms", "integer", (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex("recordings_by_creation")
      .on("recordings")
      .columns(["created_at_ms", "recording_id"])
      .execute();
    await db.schema
      .createTable("files")
      .addColumn("key", "text", (column) => column.primaryKey().notNull())
      .addColumn("recording_id", "text", (column) => column.notNull().references("recordings.recording_id"))
      .addColumn("role", "text", (column) => column.notNull())
      .addColumn("size_bytes", "integer", (column) => column.notNull())
      .addColumn("sha256", "text", (column) => column.notNull())
      .execute();
    await db.schema.createIndex("files_by_recording").on("files").column("recording_id").execute();
    await db.schema
      .createTable("pending_sidecars")
      .addColumn("recording_id", "text", (column) => column.primaryKey().notNull())
      .addColumn("key", "text", (column) => column.notNull())
      .addColumn("original_sha256", "text", (column) => column.notNull())
      .addColumn("sha256", "text", (column) => column.notNull())
      .execute();
  },
};
