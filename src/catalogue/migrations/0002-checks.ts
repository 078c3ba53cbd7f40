import { type Kysely, type Migration, sql } from "kysely";

const LEVELS = ["presence", "digest", "structure", "deep"];

/**
 * What is known of verifying: each recording's state, the runs, and what they found. SQLite makes each statement whole or
 * not at all, but not the migration: each can be made again after a kill.
 */
export const checks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of [...TABLES, TAKE_OVER, ...INDEXES]) await sql.raw(statement).execute(db);
  },
};

const TABLES = [
  `CREATE TABLE IF NOT EXISTS checks (
    id INTEGER PRIMARY KEY,
    recording_id TEXT NOT NULL UNIQUE,
    catalogued INTEGER NOT NULL,
    file_count INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    stored_at_ms INTEGER NOT NULL,
    presence_at_ms INTEGER NOT NULL,
    digest_at_ms INTEGER NOT NULL,
    structure_at_ms INTEGER NOT NULL,
    deep_at_ms INTEGER NOT NULL,
    closest_level INTEGER NOT NULL DEFAULT 0,
    status TEXT,
    owed_level INTEGER NOT NULL DEFAULT 0,
    checks INTEGER NOT NULL DEFAULT 0,
    note_number INTEGER NOT NULL DEFAULT 0,
    last_run_id TEXT,
    traces TEXT NOT NULL DEFAULT '{}'
  )`,
  "CREATE TABLE IF NOT EXISTS check_notes (last_number INTEGER NOT NULL)",
  "INSERT INTO check_notes SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM check_notes)",
  `CREATE TABLE IF NOT EXISTS verify_runs (
    number INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL UNIQUE,
    level TEXT NOT NULL,
    started_at_ms INTEGER NOT NULL,
    request TEXT NOT NULL,
    tool_version TEXT NOT NULL,
    finished_at_ms INTEGER,
    outcome TEXT,
    done INTEGER,
    findings INTEGER,
    failed INTEGER,
    bytes INTEGER
  )`,
  `CREATE TABLE IF NOT EXISTS run_findings (
    number INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES verify_runs (run_id),
    recording_id TEXT,
    found_at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    message TEXT NOT NULL,
    detail TEXT NOT NULL
  )`,
];

/**
 * The catalogue did not tell when a recording was stored, nor whether it was ever verified. Its creation is not later than
 * that, so it comes to be due too early rather than too late.
 */
const TAKE_OVER = `
  INSERT INTO checks (
    recording_id, catalogued, file_count, size_bytes,
    stored_at_ms, presence_at_ms, digest_at_ms, structure_at_ms, deep_at_ms
  )
  SELECT
    recording_id, 1, count(files.key), coalesce(sum(files.size_bytes), 0),
    created_at_ms, created_at_ms, created_at_ms, created_at_ms, created_at_ms
  FROM recordings LEFT JOIN files USING (recording_id)
  GROUP BY recording_id
  ORDER BY created_at_ms
  ON CONFLICT DO NOTHING`;

/**
 * By level: oldest first, and all that a summary adds up. What changes with every look is not in them, so that a look
 * touches the indexes of its own and the coarser levels alone.
 */
const INDEXES = [
  ...LEVELS.map(
    (level) =>
      `CREATE INDEX IF NOT EXISTS checks_by_${level} ON checks (${level}_at_ms, id, file_count, size_bytes)
      WHERE catalogued = 1`,
  ),
  `CREATE INDEX IF NOT EXISTS checks_not_ok ON checks (note_number, id) WHERE catalogued = 1 AND status <> 'ok'`,
  "CREATE INDEX IF NOT EXISTS checks_never ON checks (id) WHERE catalogued = 1 AND closest_level = 0",
  "CREATE INDEX IF NOT EXISTS run_findings_by_run ON run_findings (run_id)",
  "CREATE INDEX IF NOT EXISTS run_findings_by_recording ON run_findings (recording_id)",
];
