/** The catalogue's tables as Kysely sees them; instants are epoch milliseconds. */
export interface Database {
  recordings: RecordingsTable;
  files: FilesTable;
  pending_sidecars: PendingSidecarsTable;
}

interface RecordingsTable {
  recording_id: string;
  call_id: string;
  created_at_ms: number;
}

interface FilesTable {
  key: string;
  recording_id: string;
  role: string;
  size_bytes: number;
  sha256: string;
}

interface PendingSidecarsTable {
  recording_id: string;
  key: string;
  sha256: string;
  original_sha256: string;
}
