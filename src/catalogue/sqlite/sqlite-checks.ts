import { type Kysely, sql } from "kysely";
import type { RecordingId } from "../../core/recording-id.ts";
import {
  type CheckAges,
  type DueRecording,
  type DueSelection,
  type DueSummary,
  type RecordingCheck,
  type RecordingHistory,
  type RunFinding,
  VERIFY_LEVELS,
  type VerifyLevel,
  type VerifyRun,
} from "../../core/verification.ts";
import type { Checks } from "../checks.ts";
import type { Database } from "../database.ts";
import { toEndColumns, toRunFinding, toVerifyRun } from "./check-rows.ts";
import { noteChecks, noteFindings } from "./note-checks.ts";
import { AT_COLUMNS, readDue, toAhead } from "./read-due.ts";

const DAY_MS = 86_400_000;

/** The checks in the catalogue's SQLite file, which opens and closes it. */
export class SqliteChecks implements Checks {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async begin({ runId, level, startedAtMs, request, toolVersion, ended }: VerifyRun): Promise<void> {
    const begun = { run_id: runId, level, started_at_ms: startedAtMs, request, tool_version: toolVersion };
    await this.#db
      .insertInto("verify_runs")
      .values({ ...begun, ...toEndColumns(ended) })
      .execute();
  }

  async note(checks: readonly RecordingCheck[], findings: readonly RunFinding[]): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      await noteChecks(transaction, checks);
      await noteFindings(transaction, findings);
    });
  }

  async finish(runId: string, ended: NonNullable<VerifyRun["ended"]>): Promise<void> {
    await this.#db.updateTable("verify_runs").set(toEndColumns(ended)).where("run_id", "=", runId).execute();
  }

  /** All that is old enough, and of the rest what was not ok or is ahead: the first are added up in an index, the others are few. */
  async summariseDue(selection: DueSelection): Promise<DueSummary> {
    const { level, beforeMs } = selection;
    const at = sql.ref(AT_COLUMNS[level]);
    const { rows } = await sql<DueSummary>`
      SELECT count(*) AS recordings, coalesce(sum(file_count), 0) AS files, coalesce(sum(size_bytes), 0) AS bytes
      FROM (
        SELECT file_count, size_bytes FROM checks WHERE catalogued = 1 AND ${at} < ${beforeMs}
        UNION ALL
        SELECT file_count, size_bytes FROM checks
        WHERE catalogued = 1 AND status <> 'ok' AND +${at} >= ${beforeMs}
        UNION ALL
        SELECT file_count, size_bytes FROM checks
        WHERE catalogued = 1 AND coalesce(status, 'ok') = 'ok' AND ${at} > ${toAhead(selection)}
      )`.execute(this.#db);
    const { recordings = 0, files = 0, bytes = 0 } = rows[0] ?? {};
    return { recordings, files, bytes };
  }

  due(selection: DueSelection): AsyncIterable<DueRecording> {
    return readDue(this.#db, selection);
  }

  async ages(level: VerifyLevel, nowMs: number): Promise<CheckAges> {
    const at = sql.ref(AT_COLUMNS[level]);
    // A look that a wrong clock has put into the future is no days old. Numbers come to SQLite as reals, which divide as such.
    const { rows } = await sql<{ days: number; recordings: number; oldest_ms: number }>`
      SELECT max(0, CAST(${nowMs} AS INTEGER) - ${at}) / ${sql.lit(DAY_MS)} AS days, count(*) AS recordings,
        min(${at}) AS oldest_ms
      FROM checks WHERE catalogued = 1 GROUP BY days ORDER BY days`.execute(this.#db);
    const { neverChecked } = await this.#db
      .selectFrom("checks")
      .select(({ fn }) => fn.countAll<number>().as("neverChecked"))
      .where(sql<boolean>`catalogued = 1 AND closest_level = 0`)
      .executeTakeFirstOrThrow();
    return {
      oldestMs: rows.at(-1)?.oldest_ms,
      neverChecked,
      byDay: rows.map(({ days, recordings }) => ({ days, recordings })),
    };
  }

  async history(recordingId: RecordingId): Promise<RecordingHistory | undefined> {
    const row = await this.#db
      .selectFrom("checks")
      .selectAll()
      .where("recording_id", "=", recordingId)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const lastAt = (level: VerifyLevel) =>
      VERIFY_LEVELS.indexOf(level) < row.closest_level ? row[AT_COLUMNS[level]] : undefined;
    return {
      recordingId,
      storedAtMs: row.stored_at_ms,
      lastCheckedAtMs: {
        presence: lastAt("presence"),
        digest: lastAt("digest"),
        structure: lastAt("structure"),
        deep: lastAt("deep"),
      },
      status: row.status ?? undefined,
      checks: row.checks,
      lastRunId: row.last_run_id ?? undefined,
      findings: await this.#findings({ recording_id: recordingId }),
    };
  }

  async run(runId: string): Promise<{ run: VerifyRun; findings: readonly RunFinding[] } | undefined> {
    const row = await this.#db.selectFrom("verify_runs").selectAll().where("run_id", "=", runId).executeTakeFirst();
    return row && { run: toVerifyRun(row), findings: await this.#findings({ run_id: runId }) };
  }

  async runs(limit: number): Promise<readonly VerifyRun[]> {
    const rows = await this.#db.selectFrom("verify_runs").selectAll().orderBy("number", "desc").limit(limit).execute();
    return rows.map(toVerifyRun);
  }

  async #findings(of: { recording_id: string } | { run_id: string }): Promise<readonly RunFinding[]> {
    const rows = await this.#db
      .selectFrom("run_findings")
      .selectAll()
      .where(({ and }) => and(of))
      .orderBy("number")
      .execute();
    return rows.map(toRunFinding);
  }
}
