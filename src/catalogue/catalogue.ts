import type { ArchivedRecording } from "../core/archived-file.ts";
import type { Sha256Hex } from "../core/digest.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { StorageKey } from "../core/storage-key.ts";

/** A sidecar that is about to be written; found again after a crash, it tells a cut-short store from tampering. */
export interface PendingSidecar {
  readonly recordingId: RecordingId;
  readonly key: StorageKey;
  readonly sha256: Sha256Hex;
}

/** How much a catalogue holds. */
export interface CatalogueSummary {
  readonly recordings: number;
  readonly files: number;
  readonly bytes: number;
}

/**
 * An index of the archive, rebuilt from the sidecars by `holdfast reindex`. It answers what must be there, so
 * that a recording that vanished with its sidecar is noticed.
 *
 * One process at a time has a catalogue open; within it, methods may run side by side. A row is durable against
 * a crash of the process when its method settles, not against a power cut.
 */
export interface Catalogue {
  /** What differs between drivers: the place as a person names it. */
  readonly traits: { readonly location: string };

  /** Tells whether every sidecar was indexed: false in a new catalogue, and when a rebuild was cut short. */
  isComplete(): Promise<boolean>;

  /** Notes that every sidecar is indexed now; `clear` takes it back. */
  markComplete(): Promise<void>;

  /** Notes that a sidecar is about to be written. */
  intend(pending: PendingSidecar): Promise<void>;

  /** Gives what was noted and neither `put` nor dropped since. */
  pending(): Promise<readonly PendingSidecar[]>;

  /** Drops the note about a recording's sidecar. Idempotent. */
  drop(recordingId: RecordingId): Promise<void>;

  /** Writes a recording and its files in place of what was known of it, and drops the note. Idempotent. */
  put(recording: ArchivedRecording): Promise<void>;

  /** Gives one recording, or undefined. */
  find(recordingId: RecordingId): Promise<ArchivedRecording | undefined>;

  /** Tells whether a file is known by its key. */
  has(key: StorageKey): Promise<boolean>;

  /** Gives the ids of all recordings, oldest first by creation, in bounded memory. */
  recordingIds(): AsyncIterable<RecordingId>;

  /** Counts what is known. */
  summarise(): Promise<CatalogueSummary>;

  /** Forgets everything; the first step of `reindex`. */
  clear(): Promise<void>;

  /** Closes the catalogue and gives up its lock. It is not used afterwards. Idempotent. */
  close(): Promise<void>;
}
