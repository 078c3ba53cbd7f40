import { sql, type Transaction } from "kysely";
import { type RecordingCheck, type RunFinding, VERIFY_LEVELS } from "../../core/verification.ts";
import type { Database } from "../database.ts";
import { AT_COLUMNS } from "./read-due.ts";

/** How closely something was looked at, as `owed_level` counts; 0 for what could not be reached. */
const REACHES = [0, ...VERIFY_LEVELS.map((_, index) => index + 1)];

/** Writes checks into the rows of their recordings, in one statement for all that looked equally close. */
export async function noteChecks(transaction: Transaction<Database>, checks: readonly RecordingCheck[]): Promise<void> {
  await transaction
    .updateTable("check_notes")
    .set(({ eb }) => ({ last_number: eb("last_number", "+", 1) }))
    .execute();
  for (const reach of REACHES) {
    const reached = checks.filter((check) => toReach(check) === reach);
    if (reached.length > 0) await noteReached(transaction, reach, reached);
  }
}

function toReach({ level, status }: RecordingCheck): number {
  return status === "unreachable" ? 0 : VERIFY_LEVELS.indexOf(level) + 1;
}

/**
 * What was found damaged or missing stays so until a look that is as close as the one that found it says otherwise: that a file
 * has its size again says nothing of its bytes. `unreachable` takes nothing away from what was known, and any look ends it.
 */
async function noteReached(
  transaction: Transaction<Database>,
  reach: number,
  checks: readonly RecordingCheck[],
): Promise<void> {
  const rows = checks.map(({ recordingId, runId, status, checkedAtMs, traces }) => [
    ...[recordingId, runId, status, checkedAtMs],
    traces,
  ]);
  const lookedAt = VERIFY_LEVELS.slice(0, reach).map((level) => sql`${sql.ref(AT_COLUMNS[level])} = noted.at_ms,`);
  await sql`
    UPDATE checks SET
      ${sql.join(lookedAt, sql` `)}
      closest_level = max(closest_level, ${reach}),
      checks = checks + (${reach} > 0),
      status = CASE
        WHEN noted.status IN ('damaged', 'missing') THEN noted.status
        WHEN owed_level > ${reach} THEN checks.status
        ELSE noted.status
      END,
      owed_level = CASE
        WHEN noted.status IN ('damaged', 'missing') THEN max(owed_level, ${reach})
        WHEN owed_level > ${reach} THEN owed_level
        ELSE 0
      END,
      note_number = (SELECT last_number FROM check_notes),
      last_run_id = noted.run_id,
      traces = CASE checks.traces WHEN '{}' THEN noted.traces ELSE json_patch(checks.traces, noted.traces) END
    FROM (
      SELECT value ->> 0 AS recording_id, value ->> 1 AS run_id, value ->> 2 AS status, value ->> 3 AS at_ms,
        value -> 4 AS traces
      FROM json_each(${JSON.stringify(rows)})
    ) AS noted
    WHERE checks.recording_id = noted.recording_id`.execute(transaction);
}

/** Writes findings in their order. */
export async function noteFindings(transaction: Transaction<Database>, findings: readonly RunFinding[]): Promise<void> {
  if (findings.length === 0) return;
  const rows = findings.map(({ runId, recordingId, foundAtMs, finding: { kind, subject, message, detail } }) => [
    ...[runId, recordingId ?? null, foundAtMs, kind, subject, message],
    detail,
  ]);
  await sql`
    INSERT INTO run_findings (run_id, recording_id, found_at_ms, kind, subject, message, detail)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value -> 6
    FROM json_each(${JSON.stringify(rows)}) ORDER BY key`.execute(transaction);
}
