import { DatabaseSync } from "@photostructure/sqlite";

const DAY_MS = 86_400_000;

/**
 * Writes synthetic recordings of a year into an empty catalogue, two files each, with ids that are in no order; every fifth was
 * stored in the same instant, and none was ever looked at. They take 5596 bytes each by what is recorded.
 */
export function fillCatalogue(
  path: string,
  { recordings, nowMs }: { readonly recordings: number; readonly nowMs: number },
): void {
  const begunMs = nowMs - 365 * DAY_MS;
  const database = new DatabaseSync(path);
  database.exec(`
    BEGIN;
    CREATE TEMP TABLE made AS
      WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ${recordings})
      SELECT n, printf('rec_%08x', n * 2654435761 % 4294967296) AS id,
        iif(n % 5 = 0, ${begunMs}, ${begunMs} + n * (365 * ${DAY_MS} / ${recordings})) AS at_ms
      FROM numbers;
    INSERT INTO recordings (recording_id, call_id, created_at_ms) SELECT id, 'call_' || n, at_ms FROM made;
    INSERT INTO files (key, recording_id, role, size_bytes, sha256)
      SELECT printf('recordings/%s/%s%s', date(at_ms / 1000, 'unixepoch'), id, kind.suffix), id, kind.role, kind.size_bytes,
        lower(hex(randomblob(32)))
      FROM made CROSS JOIN (
        SELECT '.json' AS suffix, 'sidecar' AS role, 1500 AS size_bytes UNION ALL SELECT '.mp3', 'original', 4096
      ) AS kind;
    INSERT INTO checks (recording_id, catalogued, file_count, size_bytes,
        stored_at_ms, presence_at_ms, digest_at_ms, structure_at_ms, deep_at_ms)
      SELECT id, 1, 2, 5596, at_ms, at_ms, at_ms, at_ms, at_ms FROM made;
    COMMIT`);
  database.close();
}
