import { type Kysely, type RawBuilder, sql } from "kysely";
import type { DueRecording, DueSelection, VerifyLevel } from "../../core/verification.ts";
import type { Database } from "../database.ts";
import { parseTraces } from "./check-rows.ts";
import { loadRecordings, type RecordingRow } from "./recording-rows.ts";

/** Recordings taken at once: enough for speed, few enough for memory. */
const PAGE_RECORDINGS = 500;

/** The columns that hold when a recording was last looked at, by level. */
export const AT_COLUMNS = {
  presence: "presence_at_ms",
  digest: "digest_at_ms",
  structure: "structure_at_ms",
  deep: "deep_at_ms",
} as const satisfies Record<VerifyLevel, keyof Database["checks"]>;

/** Rows of `checks` in the order of a column that an index begins with. */
interface Sequence {
  readonly order: "note_number" | (typeof AT_COLUMNS)[VerifyLevel];
  readonly where: RawBuilder<unknown>;
  /** What it comes behind. @default nothing */
  readonly after?: number;
  /** The end, which is not in it. */
  readonly until: number;
}

interface DueRow extends RecordingRow {
  readonly id: number;
  readonly rank: number;
  readonly at_ms: number;
  readonly traces: string;
}

/**
 * Gives what is due page by page; no statement stays open between pages, so that notes can be written. Notes are numbered,
 * and what bears a number that was given after the beginning is passed over: clocks may stand still or go back.
 */
export async function* readDue(db: Kysely<Database>, selection: DueSelection): AsyncIterable<DueRecording> {
  const { last_number: begun } = await db.selectFrom("check_notes").selectAll().executeTakeFirstOrThrow();
  // What cannot be mended must not come first in every run: the one that was noted longest ago does.
  const notOk: Sequence = { order: "note_number", where: sql`status <> 'ok'`, until: begun + 1 };
  const { level, beforeMs } = selection;
  const others = { order: AT_COLUMNS[level], where: sql`coalesce(status, 'ok') = 'ok' AND note_number <= ${begun}` };
  const oldest: Sequence = { ...others, until: beforeMs };
  const ahead: Sequence = { ...others, after: toAhead(selection), until: Number.MAX_SAFE_INTEGER };
  for (const sequence of [notOk, oldest, ahead]) yield* readSequence(db, sequence, level);
}

/** Gives the instant behind which looks lie ahead of the clock and are not told by their age to be due. */
export function toAhead({ beforeMs, nowMs = Number.MAX_SAFE_INTEGER }: DueSelection): number {
  return Math.max(nowMs, beforeMs - 1);
}

async function* readSequence(
  db: Kysely<Database>,
  sequence: Sequence,
  level: VerifyLevel,
): AsyncIterable<DueRecording> {
  const { after = Number.MIN_SAFE_INTEGER } = sequence;
  let last: Pick<DueRow, "id" | "rank"> | undefined = { id: Number.MAX_SAFE_INTEGER, rank: after };
  while (last !== undefined) {
    const rows: readonly DueRow[] = await readPage(db, { ...sequence, level, last });
    const recordings = await loadRecordings(db, rows);
    for (const [index, row] of rows.entries()) {
      const recording = recordings[index];
      if (recording === undefined) throw new Error("internal error: a row without its recording");
      yield { recording, lastCheckedAtMs: row.at_ms, traces: parseTraces(row.traces) };
    }
    last = rows.at(-1);
  }
}

/** SQLite seeks no pair of a column and the row's own number, so that the rest of one rank and what follows are two searches. */
async function readPage(
  db: Kysely<Database>,
  { order, where, until, level, last }: Sequence & { level: VerifyLevel; last: Pick<DueRow, "id" | "rank"> },
): Promise<readonly DueRow[]> {
  const rank = sql.ref(order);
  const { rows } = await sql<DueRow>`
    SELECT checks.id, page.rank, ${sql.ref(AT_COLUMNS[level])} AS at_ms, traces, stored_at_ms, recordings.*
    FROM (
      SELECT ${rank} AS rank, id FROM checks
      WHERE catalogued = 1 AND ${where} AND ${rank} = ${last.rank} AND ${rank} < ${until} AND id > ${last.id}
      UNION ALL
      SELECT ${rank} AS rank, id FROM checks
      WHERE catalogued = 1 AND ${where} AND ${rank} > ${last.rank} AND ${rank} < ${until}
      ORDER BY rank, id
      LIMIT ${PAGE_RECORDINGS}
    ) AS page
    CROSS JOIN checks ON checks.id = page.id
    CROSS JOIN recordings ON recordings.recording_id = checks.recording_id
    ORDER BY page.rank, page.id`.execute(db);
  return rows;
}
