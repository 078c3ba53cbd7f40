import type { AudioFormat } from "../core/audio-format.ts";
import type { RecordingId } from "../core/recording-id.ts";
import { type StorageKey, toStorageKey } from "../core/storage-key.ts";
import { toSafeName } from "../io/safe-name.ts";

/** The folder of all recordings. */
export const RECORDINGS_PREFIX = toStorageKey("recordings");

/** Where the archive's marker lies. */
export const MARKER_KEY = toStorageKey("holdfast.json");

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

/** Gives the key of a recording's sidecar. */
export function toSidecarKey(place: ArchivePlace): StorageKey {
  return toStorageKey(toFolderKey(place), `${toSafeName(place.recordingId)}.json`);
}

/** Gives the key of a recording's original, by the format of its bytes. */
export function toOriginalKey(place: ArchivePlace, format: AudioFormat): StorageKey {
  return toStorageKey(toFolderKey(place), `${toSafeName(place.recordingId)}.${format}`);
}

/** Gives the key of a derivative: `rec_abc123.opus-32k-16000.opus`. */
export function toDerivativeKey(place: ArchivePlace, profileName: string, format: AudioFormat): StorageKey {
  return toStorageKey(toFolderKey(place), `${toSafeName(place.recordingId)}.${profileName}.${format}`);
}
