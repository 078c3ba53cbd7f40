import type { CallDetails } from "./call-details.ts";
import type { Sha256Hex } from "./digest.ts";
import type { RecordingId } from "./recording-id.ts";
import type { StorageKey } from "./storage-key.ts";

/** What a file of the archive is for. A tombstone stands alone: it is all that is left of a recording that was removed. */
export const FILE_ROLES = ["original", "derivative", "sidecar", "tombstone"] as const;
export type FileRole = (typeof FILE_ROLES)[number];

/** How many bytes something has, and their digest. */
export interface ByteIdentity {
  readonly sizeBytes: number;
  readonly sha256: Sha256Hex;
}

/** One file that must stand in the archive, as it was when it was written: size and digest are of what is on disk. */
export interface ArchivedFile extends ByteIdentity {
  readonly key: StorageKey;
  readonly recordingId: RecordingId;
  readonly role: FileRole;
  /** What an encrypted file holds; undefined of one that is in the clear. */
  readonly plain?: ByteIdentity | undefined;
}

/** Gives what a file holds, whether or not it is encrypted: what the vendor's word is about. */
export function toContent({ sizeBytes, sha256, plain }: ArchivedFile): ByteIdentity {
  return plain ?? { sizeBytes, sha256 };
}

/** One recording of the archive and all its files. */
export interface ArchivedRecording {
  readonly recordingId: RecordingId;
  readonly callId: string;
  readonly createdAtMs: number;
  /** What the vendor said of the call; undefined when that is nothing, which says nothing of the call. */
  readonly call: CallDetails | undefined;
  /** When its files were last written: the original fetched or the newest derivative made. Their bytes were right then. */
  readonly storedAtMs: number;
  readonly files: readonly ArchivedFile[];
}

/** Gives the file of a recording that there is one of, such as its original. */
export function findFile(
  { files }: ArchivedRecording,
  role: Exclude<FileRole, "derivative">,
): ArchivedFile | undefined {
  return files.find((file) => file.role === role);
}

/** Tells whether a tombstone is all that is left of a recording. */
export function isRemoved({ files }: ArchivedRecording): boolean {
  return files.some(({ role }) => role === "tombstone");
}
