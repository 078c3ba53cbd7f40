import { existsSync, rmSync } from "node:fs";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { Kysely, type Selectable, sql, type Transaction } from "kysely";
import { type ArchivedFile, type ArchivedRecording, FILE_ROLES } from "../../core/archived-file.ts";
import { parseSha256 } from "../../core/digest.ts";
import { parseRecordingId, type RecordingId } from "../../core/recording-id.ts";
import { type StorageKey, toStorageKey } from "../../core/storage-key.ts";
import { StorageUnavailableError } from "../../io/errors.ts";
import {
  CATALOGUE_STATES,
  type Catalogue,
  type CatalogueState,
  type CatalogueSummary,
  type PendingSidecar,
} from "../catalogue.ts";
import type { Database } from "../database.ts";
import { CatalogueInvalidError } from "../errors.ts";
import { migrate } from "../migrations/migrate.ts";
import { toSqliteDialect } from "./sqlite-dialect.ts";
import { takeWriterLock, type WriterLock } from "./writer-lock.ts";

/** Rows taken at once while iterating: enough for speed, few enough for memory. */
const PAGE_ROWS = 1000;

/** Where a {@link SqliteCatalogue} lies. */
export interface SqliteCatalogueLocation {
  readonly path: string;
  /** The file that stands for the one writer. */
  readonly lockPath: string;
}

/** The catalogue in one SQLite file, in WAL mode. */
export class SqliteCatalogue implements Catalogue {
  readonly traits: { readonly location: string };
  readonly #db: Kysely<Database>;
  readonly #lock: WriterLock;

  private constructor(db: Kysely<Database>, lock: WriterLock, traits: Catalogue["traits"]) {
    this.#db = db;
    this.#lock = lock;
    this.traits = traits;
  }

  /**
   * Opens the catalogue, creating or migrating it.
   *
   * @throws {CatalogueLockedError} another process has it open.
   * @throws {CatalogueInvalidError} the file is no catalogue of this version.
   */
  static async open({ path, lockPath }: SqliteCatalogueLocation): Promise<SqliteCatalogue> {
    const lock = await takeWriterLock(lockPath);
    try {
      const db = new Kysely<Database>({ dialect: toSqliteDialect(openDatabase(path)) });
      await migrate(db, path);
      return new SqliteCatalogue(db, lock, { location: path });
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  async intend(pending: readonly PendingSidecar[]): Promise<void> {
    await this.#transact(async (transaction) => {
      for (const { recordingId, key, sha256, originalSha256 } of pending) {
        const row = { recording_id: recordingId, key, sha256, original_sha256: originalSha256 };
        await transaction
          .insertInto("pending_sidecars")
          .values(row)
          .onConflict((conflict) => conflict.column("recording_id").doUpdateSet(row))
          .execute();
      }
    });
  }

  async pending(): Promise<readonly PendingSidecar[]> {
    const rows = await this.#db.selectFrom("pending_sidecars").selectAll().execute();
    return rows.map((row) => ({
      recordingId: parseRecordingId(row.recording_id),
      key: toStorageKey(row.key),
      sha256: parseSha256(row.sha256),
      originalSha256: parseSha256(row.original_sha256),
    }));
  }

  async drop(recordingId: RecordingId): Promise<void> {
    await this.#db.deleteFrom("pending_sidecars").where("recording_id", "=", recordingId).execute();
  }

  async put(recordings: readonly ArchivedRecording[]): Promise<void> {
    await this.#transact(async (transaction) => {
      for (const recording of recordings) await putRecording(transaction, recording);
    });
  }

  async find(recordingId: RecordingId): Promise<ArchivedRecording | undefined> {
    const row = await this.#db
      .selectFrom("recordings")
      .selectAll()
      .where("recording_id", "=", recordingId)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const files = await this.#db
      .selectFrom("files")
      .selectAll()
      .where("recording_id", "=", recordingId)
      .orderBy("key")
      .execute();
    return { recordingId, callId: row.call_id, createdAtMs: row.created_at_ms, files: files.map(toCatalogueFile) };
  }

  async has(key: StorageKey): Promise<boolean> {
    const row = await this.#db.selectFrom("files").select("key").where("key", "=", key).executeTakeFirst();
    return row !== undefined;
  }

  async *recordingIds(): AsyncIterable<RecordingId> {
    let last: { created_at_ms: number; recording_id: string } | undefined = {
      created_at_ms: Number.MIN_SAFE_INTEGER,
      recording_id: "",
    };
    while (last !== undefined) {
      const after: { created_at_ms: number; recording_id: string } = last;
      const rows = await this.#db
        .selectFrom("recordings")
        .select(["created_at_ms", "recording_id"])
        .where(({ eb, refTuple, tuple }) =>
          eb(refTuple("created_at_ms", "recording_id"), ">", tuple(after.created_at_ms, after.recording_id)),
        )
        .orderBy("created_at_ms")
        .orderBy("recording_id")
        .limit(PAGE_ROWS)
        .execute();
      for (const row of rows) yield parseRecordingId(row.recording_id);
      last = rows.at(-1);
    }
  }

  async summarise(): Promise<CatalogueSummary> {
    const { recordings } = await this.#db
      .selectFrom("recordings")
      .select(({ fn }) => fn.countAll<number>().as("recordings"))
      .executeTakeFirstOrThrow();
    const { files, bytes } = await this.#db
      .selectFrom("files")
      .select(({ fn }) => [fn.countAll<number>().as("files"), fn.sum<number | null>("size_bytes").as("bytes")])
      .executeTakeFirstOrThrow();
    return { recordings, files, bytes: bytes ?? 0 };
  }

  async state(): Promise<CatalogueState> {
    const { rows } = await sql<{ user_version: number }>`PRAGMA user_version`.execute(this.#db);
    return CATALOGUE_STATES[rows[0]?.user_version ?? 0] ?? "incomplete";
  }

  /** SQLite's own number for the application, 0 in a new file, holds the state's place in the list. */
  async setState(state: CatalogueState): Promise<void> {
    await sql`PRAGMA user_version = ${sql.lit(CATALOGUE_STATES.indexOf(state))}`.execute(this.#db);
  }

  async clear(): Promise<void> {
    await this.#transact(async (transaction) => {
      await sql`PRAGMA user_version = 0`.execute(transaction);
      await transaction.deleteFrom("pending_sidecars").execute();
      await transaction.deleteFrom("files").execute();
      await transaction.deleteFrom("recordings").execute();
    });
  }

  #transact(work: (transaction: Transaction<Database>) => Promise<void>): Promise<void> {
    return this.#db.transaction().execute(work);
  }

  async close(): Promise<void> {
    await this.#db.destroy();
    this.#lock.release();
  }
}

async function putRecording(transaction: Transaction<Database>, recording: ArchivedRecording): Promise<void> {
  const { recordingId, callId, createdAtMs, files } = recording;
  const row = { recording_id: recordingId, call_id: callId, created_at_ms: createdAtMs };
  await transaction
    .insertInto("recordings")
    .values(row)
    .onConflict((conflict) => conflict.column("recording_id").doUpdateSet(row))
    .execute();
  await transaction.deleteFrom("files").where("recording_id", "=", recordingId).execute();
  if (files.length > 0) await transaction.insertInto("files").values(files.map(toFileRow)).execute();
  await transaction.deleteFrom("pending_sidecars").where("recording_id", "=", recordingId).execute();
}

function openDatabase(path: string): DatabaseSyncInstance {
  try {
    if (!existsSync(path)) removeLog(path);
    const database = new DatabaseSync(path);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
    return database;
  } catch (error) {
    if (error instanceof Error && /readonly|unable to open/i.test(error.message)) {
      throw new StorageUnavailableError(`the catalogue cannot be written: ${path}`, { cause: error });
    }
    throw new CatalogueInvalidError(`cannot open the catalogue: ${path}`, {
      cause: error,
      hint: "the catalogue is only an index: delete it, and the next command rebuilds it",
    });
  }
}

/** A write-ahead log that a killed run left would be played into the new file that replaces a deleted one. */
function removeLog(path: string): void {
  for (const suffix of ["-wal", "-shm"]) rmSync(`${path}${suffix}`, { force: true });
}

function toFileRow(file: ArchivedFile): Database["files"] {
  return {
    key: file.key,
    recording_id: file.recordingId,
    role: file.role,
    size_bytes: file.sizeBytes,
    sha256: file.sha256,
  };
}

function toCatalogueFile(row: Selectable<Database["files"]>): ArchivedFile {
  const role = FILE_ROLES.find((name) => name === row.role);
  if (role === undefined) throw new CatalogueInvalidError(`unknown role of ${row.key}: ${row.role}`);
  return {
    key: toStorageKey(row.key),
    recordingId: parseRecordingId(row.recording_id),
    role,
    sizeBytes: row.size_bytes,
    sha256: parseSha256(row.sha256),
  };
}
