import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { type SqliteDatabase, SqliteDialect, type SqliteStatement } from "kysely";

/** Connects Kysely to the node:sqlite interface, which spreads parameters where better-sqlite3 takes an array. */
export function toSqliteDialect(database: DatabaseSyncInstance): SqliteDialect {
  const adapted: SqliteDatabase = {
    prepare: (sql) => toStatement(database, sql),
    close: () => database.close(),
  };
  return new SqliteDialect({ database: adapted });
}

function toStatement(database: DatabaseSyncInstance, sql: string): SqliteStatement {
  const statement = database.prepare(sql);
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters),
    run: (parameters) => {
      const { changes, lastInsertRowid } = statement.run(...parameters);
      return { changes, lastInsertRowid };
    },
    iterate: (parameters) => statement.iterate(...parameters),
  };
}
