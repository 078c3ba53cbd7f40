import type { Generated } from "kysely";
import type { FindingKind } from "../core/finding.ts";
import type { Outcome } from "../core/report.ts";
import type { CheckStatus, VerifyLevel } from "../core/verification.ts";

/** The catalogue's tables as Kysely sees them; instants are epoch milliseconds. */
export interface Database {
  recordings: RecordingsTable;
  files: FilesTable;
  pending_sidecars: PendingSidecarsTable;
  checks: ChecksTable;
  check_notes: CheckNotesTable;
  verify_runs: VerifyRunsTable;
  run_findings: RunFindingsTable;
}

interface RecordingsTable {
  recording_id: string;
  call_id: string;
  created_at_ms: number;
  /** This and the next two are null where the vendor does not tell. */
  call_from: string | null;
  call_to: string | null;
  call_direction: string | null;
}

interface FilesTable {
  key: string;
  recording_id: string;
  role: string;
  /** This and the next are of what is on disk. */
  size_bytes: number;
  sha256: string;
  /** This and the next are of what an encrypted file holds; null of one that is in the clear. */
  plain_size_bytes: number | null;
  plain_sha256: string | null;
}

interface PendingSidecarsTable {
  recording_id: string;
  key: string;
  sha256: string;
  original_sha256: string;
  /** 1 when the key of the original is in the sidecar alone. */
  key_in_sidecar: number;
  ledger_size: number;
  proof: string;
}

/** One row for each recording that is or was in `recordings`. */
interface ChecksTable {
  id: Generated<number>;
  recording_id: string;
  /** 1 while the recording is in `recordings`. */
  catalogued: number;
  /** Of the recording's rows in `files`, so that a million recordings are summed up in one index. */
  file_count: number;
  size_bytes: number;
  stored_at_ms: number;
  /** When it was last looked at at the level or a closer one; when it was stored, if never. */
  presence_at_ms: number;
  digest_at_ms: number;
  structure_at_ms: number;
  deep_at_ms: number;
  /** How closely it was ever looked at: 0 for never, else the level's place in `VERIFY_LEVELS`, counted from 1. */
  closest_level: Generated<number>;
  status: CheckStatus | null;
  /** How closely it must be looked at before it counts as `ok` again, in the same numbers; 0 when nothing is owed. */
  owed_level: Generated<number>;
  checks: Generated<number>;
  /** The number of the note that last wrote this row; 0 when none did. */
  note_number: Generated<number>;
  last_run_id: string | null;
  /** JSON: a `FileTrace` by file key. */
  traces: Generated<string>;
}

/** One row: how many notes there have been. */
interface CheckNotesTable {
  last_number: number;
}

interface VerifyRunsTable {
  /** Their order. */
  number: Generated<number>;
  run_id: string;
  level: VerifyLevel;
  started_at_ms: number;
  request: string;
  tool_version: string;
  /** This and all that follow are null until the run has ended. */
  finished_at_ms: number | null;
  outcome: Outcome | null;
  done: number | null;
  findings: number | null;
  failed: number | null;
  bytes: number | null;
}

interface RunFindingsTable {
  /** The order in which they were found. */
  number: Generated<number>;
  run_id: string;
  recording_id: string | null;
  found_at_ms: number;
  kind: FindingKind;
  subject: string;
  message: string;
  /** JSON: a `FindingDetail`. */
  detail: string;
}
