import { existsSync, rmSync } from "node:fs";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { Kysely, sql, type Transaction } from "kysely";
import type { ArchivedRecording } from "../../core/archived-file.ts";
import { parseSha256 } from "../../core/digest.ts";
import { isHoldfastError } from "../../core/errors.ts";
import { parseRecordingId, type RecordingId } from "../../core/recording-id.ts";
import { type StorageKey, toStorageKey } from "../../core/storage-key.ts";
import { isStorageFull, StorageUnavailableError } from "../../io/errors.ts";
import { makePrivateFile } from "../../io/make-private-file.ts";
import {
  CATALOGUE_STATES,
  type Catalogue,
  type CatalogueState,
  type CatalogueSummary,
  type PendingSidecar,
} from "../catalogue.ts";
import type { Database } from "../database.ts";
import { CatalogueInvalidError, REBUILD_HINT } from "../errors.ts";
import { migrate } from "../migrations/migrate.ts";
import { loadRecordings, putRecording, type RecordingRow } from "./recording-rows.ts";
import { SqliteChecks } from "./sqlite-checks.ts";
import { toCatalogueError, toSqliteDialect } from "./sqlite-dialect.ts";
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
  readonly checks: SqliteChecks;
  readonly #db: Kysely<Database>;
  readonly #lock: WriterLock;

  private constructor(db: Kysely<Database>, lock: WriterLock, traits: Catalogue["traits"]) {
    this.#db = db;
    this.#lock = lock;
    this.traits = traits;
    this.checks = new SqliteChecks(db);
  }

  /**
   * Opens the catalogue, creating or migrating it.
   *
   * @throws {CatalogueLockedError} another process has it open.
   * @throws {CatalogueInvalidError} the file is no catalogue of this version.
   * @throws {StorageFullError} no space left.
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
      for (const note of pending) {
        const row = toPendingRow(note);
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
      isKeyInSidecar: row.key_in_sidecar === 1,
      ledgerSize: row.ledger_size,
      proof: row.proof,
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
    const rows = await this.#db
      .selectFrom("recordings")
      .innerJoin("checks", "checks.recording_id", "recordings.recording_id")
      .selectAll("recordings")
      .select("stored_at_ms")
      .where("recordings.recording_id", "=", recordingId)
      .execute();
    const [found] = await loadRecordings(this.#db, rows);
    return found;
  }

  async unknownAmong(keys: readonly StorageKey[]): Promise<readonly StorageKey[]> {
    const { rows } = await sql<{ position: number }>`
      SELECT given.key AS position FROM json_each(${JSON.stringify(keys)}) AS given
      WHERE NOT EXISTS (SELECT 1 FROM files WHERE files.key = given.value)`.execute(this.#db);
    const unknown = new Set(rows.map(({ position }) => position));
    return keys.filter((_, index) => unknown.has(index));
  }

  async *recordingIds(): AsyncIterable<RecordingId> {
    for await (const rows of this.#pages()) for (const row of rows) yield parseRecordingId(row.recording_id);
  }

  async *recordings(): AsyncIterable<ArchivedRecording> {
    for await (const rows of this.#pages()) yield* await loadRecordings(this.#db, rows);
  }

  /** Each page is read behind the last row of the one before it: what is written in the meantime disturbs nothing. */
  async *#pages(): AsyncGenerator<readonly RecordingRow[]> {
    let last: Pick<RecordingRow, "created_at_ms" | "recording_id"> | undefined = {
      created_at_ms: Number.MIN_SAFE_INTEGER,
      recording_id: "",
    };
    while (last !== undefined) {
      const after: Pick<RecordingRow, "created_at_ms" | "recording_id"> = last;
      const rows: readonly RecordingRow[] = await this.#db
        .selectFrom("recordings")
        .innerJoin("checks", "checks.recording_id", "recordings.recording_id")
        .selectAll("recordings")
        .select("stored_at_ms")
        .where(({ eb, refTuple, tuple }) =>
          eb(
            refTuple("recordings.created_at_ms", "recordings.recording_id"),
            ">",
            tuple(after.created_at_ms, after.recording_id),
          ),
        )
        .orderBy("recordings.created_at_ms")
        .orderBy("recordings.recording_id")
        .limit(PAGE_ROWS)
        .execute();
      yield rows;
      last = rows.at(-1);
    }
  }

  /** Every recording that is here has a row in `checks`, which holds the sums of its files. */
  async summarise(): Promise<CatalogueSummary> {
    const { recordings, files, bytes } = await this.#db
      .selectFrom("checks")
      .select(({ fn }) => [
        fn.countAll<number>().as("recordings"),
        fn.sum<number | null>("file_count").as("files"),
        fn.sum<number | null>("size_bytes").as("bytes"),
      ])
      .where(sql<boolean>`catalogued = 1`)
      .executeTakeFirstOrThrow();
    return { recordings, files: files ?? 0, bytes: bytes ?? 0 };
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
      await transaction.updateTable("checks").set({ catalogued: 0 }).execute();
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

const SETTINGS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON";

function openDatabase(path: string): DatabaseSyncInstance {
  try {
    if (!existsSync(path)) removeLog(path);
    makePrivateFile(path); // SQLite gives its mode to the log beside it.
    const database = new DatabaseSync(path);
    database.exec(SETTINGS);
    return database;
  } catch (error) {
    if (isHoldfastError(error)) throw error;
    const known = toCatalogueError(SETTINGS, error);
    if (isStorageFull(known)) throw known;
    if (error instanceof Error && /readonly|unable to open/i.test(error.message)) {
      throw new StorageUnavailableError(`the catalogue cannot be written: ${path}`, { cause: error });
    }
    throw new CatalogueInvalidError(`cannot open the catalogue: ${path}`, {
      cause: error,
      hint: REBUILD_HINT,
    });
  }
}

/** A write-ahead log that a killed run left would be played into the new file that replaces a deleted one. */
function removeLog(path: string): void {
  for (const suffix of ["-wal", "-shm"]) rmSync(`${path}${suffix}`, { force: true });
}

function toPendingRow(note: PendingSidecar): Database["pending_sidecars"] {
  const { recordingId, key, sha256, originalSha256, isKeyInSidecar, ledgerSize, proof } = note;
  return {
    recording_id: recordingId,
    key,
    sha256,
    original_sha256: originalSha256,
    key_in_sidecar: Number(isKeyInSidecar),
    ledger_size: ledgerSize,
    proof,
  };
}
