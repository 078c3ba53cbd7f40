import type { Sha256Hex } from "./digest.ts";
import type { RecordingId } from "./recording-id.ts";
import type { StorageKey } from "./storage-key.ts";

/** What a file of the archive is for. */
export const FILE_ROLES = ["original", "derivative", "sidecar"] as const;
export type FileRole = (typeof FILE_ROLES)[number];

/** One file that must stand in the archive, as it was when it was written. */
export interface ArchivedFile {
  readonly key: StorageKey;
  readonly recordingId: RecordingId;
  readonly role: FileRole;
  readonly sizeBytes: number;
  readonly sha256: Sha256Hex;
}

/** One recording of the archive and all its files. */
export interface ArchivedRecording {
  readonly recordingId: RecordingId;
  readonly callId: string;
  readonly createdAtMs: number;
  /** When its files were last written: the original fetched or the newest derivative made. Their bytes were right then. */
  readonly storedAtMs: number;
  readonly files: readonly ArchivedFile[];
}
