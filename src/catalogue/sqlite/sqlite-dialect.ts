import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { type SqliteDatabase, SqliteDialect, type SqliteStatement } from "kysely";
import { DISK_FULL_HINT, StorageFullError } from "../../io/errors.ts";
import { CatalogueInvalidError, REBUILD_HINT } from "../errors.ts";

/**
 * Connects Kysely to the node:sqlite interface, which spreads parameters where better-sqlite3 takes an array. Each
 * statement is compiled once: the catalogue has a few dozen of them.
 */
export function toSqliteDialect(database: DatabaseSyncInstance): SqliteDialect {
  const prepared = new Map<string, SqliteStatement>();
  const adapted: SqliteDatabase = {
    prepare: (sql) => {
      const statement = prepared.get(sql) ?? toStatement(database, sql);
      prepared.set(sql, statement);
      return statement;
    },
    close: () => database.close(),
  };
  return new SqliteDialect({ database: adapted });
}

function toStatement(database: DatabaseSyncInstance, sql: string): SqliteStatement {
  const statement = guard(sql, () => database.prepare(sql));
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => guard(sql, () => statement.all(...parameters)),
    run: (parameters) => guard(sql, () => statement.run(...parameters)),
    iterate: (parameters) => guard(sql, () => statement.iterate(...parameters)),
  };
}

function guard<T>(sql: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw toCatalogueError(sql, error);
  }
}

/**
 * Translates SQLite's errors, which have their result code in the text; others come back as they are. A full disk ends a
 * transaction by itself, so that rolling it back once more has nothing to do.
 */
export function toCatalogueError(sql: string, error: unknown): unknown {
  const message = error instanceof Error ? error.message : "";
  if (
    /is full|disk I\/O error/i.test(message) ||
    (/rollback/i.test(sql) && /no transaction is active/i.test(message))
  ) {
    return new StorageFullError("no space left for the catalogue", { cause: error, hint: DISK_FULL_HINT });
  }
  if (/malformed|not a database|no such table/i.test(message)) {
    return new CatalogueInvalidError("the catalogue cannot be read", { cause: error, hint: REBUILD_HINT });
  }
  return error;
}
