import { type Kysely, type Selectable, sql, type Transaction } from "kysely";
import { type ArchivedFile, type ArchivedRecording, type ByteIdentity, FILE_ROLES } from "../../core/archived-file.ts";
import { type CallDetails, DIRECTIONS, toCallDetails } from "../../core/call-details.ts";
import { parseSha256 } from "../../core/digest.ts";
import { parseRecordingId } from "../../core/recording-id.ts";
import { toStorageKey } from "../../core/storage-key.ts";
import type { Database } from "../database.ts";
import { CatalogueInvalidError } from "../errors.ts";

/** A row of a recording with the instant that its check row holds. */
export type RecordingRow = Selectable<Database["recordings"]> & { readonly stored_at_ms: number };

/** Writes one recording and its files in place of what was known of it. */
export async function putRecording(transaction: Transaction<Database>, recording: ArchivedRecording): Promise<void> {
  const { recordingId, callId, createdAtMs, call, files } = recording;
  const row = { recording_id: recordingId, call_id: callId, created_at_ms: createdAtMs, ...toCallColumns(call) };
  await transaction
    .insertInto("recordings")
    .values(row)
    .onConflict((conflict) => conflict.column("recording_id").doUpdateSet(row))
    .execute();
  await putCheck(transaction, recording);
  await transaction.deleteFrom("files").where("recording_id", "=", recordingId).execute();
  if (files.length > 0) await transaction.insertInto("files").values(files.map(toFileRow)).execute();
  await transaction.deleteFrom("pending_sidecars").where("recording_id", "=", recordingId).execute();
}

/**
 * Runs before the files are replaced: a trace stays only where the recorded digest does. After `clear` nobody can tell
 * whether it is the same, so none stays.
 */
async function putCheck(transaction: Transaction<Database>, recording: ArchivedRecording): Promise<void> {
  const { recordingId, storedAtMs, files } = recording;
  const size = {
    catalogued: 1,
    file_count: files.length,
    size_bytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    stored_at_ms: storedAtMs,
  };
  const digests = JSON.stringify(Object.fromEntries(files.map(({ key, sha256 }) => [key, sha256])));
  const traces = sql<string>`(
    SELECT json_group_object(trace.key, json(trace.value)) FROM json_each(checks.traces) AS trace
    JOIN files ON files.key = trace.key
    JOIN json_each(${digests}) AS given ON given.key = files.key AND given.value = files.sha256
  )`;
  await transaction
    .insertInto("checks")
    .values({
      ...size,
      recording_id: recordingId,
      presence_at_ms: storedAtMs,
      digest_at_ms: storedAtMs,
      structure_at_ms: storedAtMs,
      deep_at_ms: storedAtMs,
    })
    .onConflict((conflict) => conflict.column("recording_id").doUpdateSet({ ...size, traces }))
    .execute();
}

/** Gives the recordings of rows with their files, in the order of the rows. */
export async function loadRecordings(
  db: Kysely<Database>,
  rows: readonly RecordingRow[],
): Promise<readonly ArchivedRecording[]> {
  const files = await loadFiles(
    db,
    rows.map((row) => row.recording_id),
  );
  return rows.map((row) => ({
    recordingId: parseRecordingId(row.recording_id),
    callId: row.call_id,
    createdAtMs: row.created_at_ms,
    call: readCallColumns(row),
    storedAtMs: row.stored_at_ms,
    files: files.get(row.recording_id) ?? [],
  }));
}

async function loadFiles(db: Kysely<Database>, ids: readonly string[]): Promise<ReadonlyMap<string, ArchivedFile[]>> {
  const { rows } = await sql<Selectable<Database["files"]>>`
    SELECT files.* FROM json_each(${JSON.stringify(ids)}) AS wanted
    CROSS JOIN files ON files.recording_id = wanted.value
    ORDER BY files.key`.execute(db);
  const files = new Map<string, ArchivedFile[]>(ids.map((id) => [id, []]));
  for (const row of rows) files.get(row.recording_id)?.push(toArchivedFile(row));
  return files;
}

function toCallColumns(call: CallDetails | undefined) {
  return {
    call_from: call?.from ?? null,
    call_to: call?.to ?? null,
    call_direction: call?.direction ?? null,
  };
}

function readCallColumns({ recording_id, ...row }: RecordingRow): CallDetails | undefined {
  const direction = DIRECTIONS.find((name) => name === row.call_direction);
  if (direction === undefined && row.call_direction !== null) {
    throw new CatalogueInvalidError(`unknown direction of ${recording_id}: ${row.call_direction}`);
  }
  return toCallDetails({ from: row.call_from ?? undefined, to: row.call_to ?? undefined, direction });
}

function toFileRow(file: ArchivedFile): Database["files"] {
  return {
    key: file.key,
    recording_id: file.recordingId,
    role: file.role,
    size_bytes: file.sizeBytes,
    sha256: file.sha256,
    plain_size_bytes: file.plain?.sizeBytes ?? null,
    plain_sha256: file.plain?.sha256 ?? null,
  };
}

function toArchivedFile(row: Selectable<Database["files"]>): ArchivedFile {
  const role = FILE_ROLES.find((name) => name === row.role);
  if (role === undefined) throw new CatalogueInvalidError(`unknown role of ${row.key}: ${row.role}`);
  return {
    key: toStorageKey(row.key),
    recordingId: parseRecordingId(row.recording_id),
    role,
    sizeBytes: row.size_bytes,
    sha256: parseSha256(row.sha256),
    plain: toPlain(row),
  };
}

function toPlain({ plain_size_bytes, plain_sha256 }: Selectable<Database["files"]>): ByteIdentity | undefined {
  if (plain_size_bytes === null || plain_sha256 === null) return undefined;
  return { sizeBytes: plain_size_bytes, sha256: parseSha256(plain_sha256) };
}
