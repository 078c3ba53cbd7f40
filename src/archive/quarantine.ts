import type { Sha256Hex } from "../core/digest.ts";
import type { Finding } from "../core/finding.ts";
import type { RecordingId } from "../core/recording-id.ts";
import { type StorageKey, toStorageKey } from "../core/storage-key.ts";
import { toSafeName } from "../io/safe-name.ts";

/** Why bytes are in quarantine, for a person who has to decide about them. */
export interface QuarantineNote {
  readonly recordingId: RecordingId;
  readonly callId: string;
  readonly quarantinedAt: string;
  /** What they were taken for. */
  readonly label: string;
  readonly sizeBytes: number;
  readonly sha256: Sha256Hex;
  readonly findings: readonly Finding[];
}

const QUARANTINE_PREFIX = toStorageKey("quarantine");

/** Gives the key of quarantined bytes: other bytes of the same recording have another. */
export function toQuarantineKey({ recordingId, sha256 }: QuarantineNote): StorageKey {
  return toStorageKey(QUARANTINE_PREFIX, `${toSafeName(recordingId)}.${sha256.slice(0, 16)}`);
}

/** Writes the note that lies beside quarantined bytes. */
export function toQuarantineText(note: QuarantineNote): string {
  return `${JSON.stringify({ schema: "holdfast.quarantine/1", ...note }, null, 2)}\n`;
}
