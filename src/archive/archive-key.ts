import { AUDIO_FORMATS, type AudioFormat } from "../core/audio-format.ts";
import { PROFILE_NAME } from "../core/profile.ts";
import type { RecordingId } from "../core/recording-id.ts";
import { type StorageKey, toStorageKey } from "../core/storage-key.ts";
import { toSafeName } from "../io/safe-name.ts";

/** The folder of all recordings. */
export const RECORDINGS_PREFIX = toStorageKey("recordings");

/** The folder of bytes that are no part of any recording, and are kept all the same. */
export const QUARANTINE_PREFIX = toStorageKey("quarantine");

/** Where the archive's marker lies. */
export const MARKER_KEY = toStorageKey("holdfast.json");

/** Gives the key of a receipt: `receipts/purge-….json`. */
export function toReceiptKey(name: string): StorageKey {
  return toStorageKey("receipts", name);
}

/** What decides where a recording lies: its id, and the day of its creation in UTC. */
export interface ArchivePlace {
  readonly recordingId: RecordingId;
  readonly createdAtMs: number;
}

/** Gives the folder of a recording: `recordings/2024/01/15`. */
export function toFolderKey({ createdAtMs }: ArchivePlace): StorageKey {
  const [year = "", month = "", day = ""] = new Date(createdAtMs).toISOString().slice(0, 10).split("-");
  return toStorageKey(RECORDINGS_PREFIX, year, month, day);
}

/** The end of a derivative's name before its extension, as `toProfileName` writes it. */
const PROFILE_END = new RegExp(`\\.(?=${PROFILE_NAME}(?:~[0-9a-f]{16})?$)`);

/**
 * Gives the name that all files of a recording begin with. No recording's own name reads like that of another's
 * derivative: the dot of an id such as `rec_1.mp3-64k-16000` is encoded.
 *
 * @throws {UnsafeNameError} no file can be called so.
 */
export function toBaseName(recordingId: string): string {
  return toSafeName(recordingId).replace(PROFILE_END, "%2E");
}

/** Gives the key of a recording's sidecar. */
export function toSidecarKey(place: ArchivePlace): StorageKey {
  return toStorageKey(toFolderKey(place), `${toBaseName(place.recordingId)}.json`);
}

/** Gives the key of a recording's original, by the format of its bytes. */
export function toOriginalKey(place: ArchivePlace, format: AudioFormat): StorageKey {
  return toStorageKey(toFolderKey(place), `${toBaseName(place.recordingId)}.${format}`);
}

/** Gives the keys that the original beside a sidecar may have. */
export function toOriginalKeys(sidecarKey: StorageKey): readonly StorageKey[] {
  return AUDIO_FORMATS.map((format) => toStorageKey(sidecarKey.replace(/json$/, format)));
}

/** Gives the key of a derivative: `rec_abc123.opus-32k-16000.opus`. */
export function toDerivativeKey(place: ArchivePlace, profileName: string, format: AudioFormat): StorageKey {
  return toStorageKey(toFolderKey(place), `${toBaseName(place.recordingId)}.${profileName}.${format}`);
}
