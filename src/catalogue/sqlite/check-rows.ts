import type { Selectable } from "kysely";
import { parseRecordingId } from "../../core/recording-id.ts";
import type { FileTrace, RunFinding, VerifyRun } from "../../core/verification.ts";
import type { Database } from "../database.ts";
import { CatalogueInvalidError, REBUILD_HINT } from "../errors.ts";

/** Writes a run's end in the columns that hold it. */
export function toEndColumns(ended: VerifyRun["ended"]) {
  return {
    finished_at_ms: ended?.finishedAtMs ?? null,
    outcome: ended?.outcome ?? null,
    done: ended?.done ?? null,
    findings: ended?.findings ?? null,
    failed: ended?.failed ?? null,
    bytes: ended?.bytes ?? null,
  };
}

export function toVerifyRun(row: Selectable<Database["verify_runs"]>): VerifyRun {
  return {
    runId: row.run_id,
    level: row.level,
    startedAtMs: row.started_at_ms,
    request: row.request,
    toolVersion: row.tool_version,
    ended: toEnd(row),
  };
}

function toEnd(row: Selectable<Database["verify_runs"]>): VerifyRun["ended"] {
  const { finished_at_ms: finishedAtMs, outcome, done, findings, failed, bytes } = row;
  if (finishedAtMs === null || outcome === null) return undefined;
  if (done === null || findings === null || failed === null || bytes === null) return undefined;
  return { finishedAtMs, outcome, done, findings, failed, bytes };
}

export function toRunFinding(row: Selectable<Database["run_findings"]>): RunFinding {
  const { kind, subject, message } = row;
  return {
    runId: row.run_id,
    recordingId: row.recording_id === null ? undefined : parseRecordingId(row.recording_id),
    foundAtMs: row.found_at_ms,
    finding: { kind, subject, message, detail: parseColumn(row.detail) },
  };
}

/** Reads the traces of a row of `checks`. */
export function parseTraces(text: string): Readonly<Record<string, FileTrace>> {
  return parseColumn(text);
}

/** The text is our own; one that cannot be read has been damaged. */
function parseColumn<T>(text: string): T {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CatalogueInvalidError("the catalogue cannot be read", { cause: error, hint: REBUILD_HINT });
  }
}
