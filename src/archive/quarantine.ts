import type { FileRole } from "../core/archived-file.ts";
import type { Sha256Hex } from "../core/digest.ts";
import type { Finding } from "../core/finding.ts";
import type { RecordingId } from "../core/recording-id.ts";
import { type StorageKey, toStorageKey } from "../core/storage-key.ts";
import { toSafeName } from "../io/safe-name.ts";
import { QUARANTINE_PREFIX } from "./archive-key.ts";

/** What every note says, for a person who has to decide about the bytes. */
interface NoteCore {
  readonly recordingId: RecordingId;
  readonly quarantinedAt: string;
  /** What the bytes look like. */
  readonly label: string;
  readonly findings: readonly Finding[];
}

/** Why bytes are in quarantine that came from the vendor and were never part of the archive. */
export interface QuarantineNote extends NoteCore {
  readonly callId: string;
  readonly sizeBytes: number;
  readonly sha256: Sha256Hex;
}

/** Who works on an archive, as the operating system knows them. */
export interface Operator {
  readonly user: string;
  readonly host: string;
}

/** Why something is in quarantine that stood in the archive in place of a recorded file. */
export interface DamageNote extends NoteCore {
  readonly reason: "damaged";
  /** Where it stood. */
  readonly key: StorageKey;
  readonly role: FileRole;
  /** Of what stood there; both are missing where it could not be read. */
  readonly sizeBytes?: number;
  readonly sha256?: Sha256Hex;
  /** What should have stood there. */
  readonly recorded: { readonly sizeBytes: number; readonly sha256: Sha256Hex };
  readonly by: Operator;
  /** Where the copy comes from that is to take its place; missing where nothing was to. */
  readonly healedFrom?: string;
}

/** Gives the key of quarantined bytes: other bytes of the same recording have another. What has no digest goes by the time. */
export function toQuarantineKey({ recordingId, sha256, quarantinedAt }: QuarantineNote | DamageNote): StorageKey {
  const ending = sha256?.slice(0, 16) ?? quarantinedAt.replaceAll(/[-:.]/g, "");
  return toStorageKey(QUARANTINE_PREFIX, `${toSafeName(recordingId)}.${ending}`);
}

/** Gives the key of the note that lies beside quarantined bytes. */
export function toNoteKey(key: StorageKey): StorageKey {
  return toStorageKey(`${key}.json`);
}

/** Writes the note that lies beside quarantined bytes. */
export function toQuarantineText(note: QuarantineNote | DamageNote): string {
  return `${JSON.stringify({ schema: "holdfast.quarantine/1", ...note }, null, 2)}\n`;
}
