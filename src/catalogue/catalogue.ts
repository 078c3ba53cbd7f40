import type { ArchivedRecording } from "../core/archived-file.ts";
import type { Sha256Hex } from "../core/digest.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { StorageKey } from "../core/storage-key.ts";
import type { Checks } from "./checks.ts";

/** A sidecar that is about to be written; found again after a crash, it tells a cut-short store from tampering. */
export interface PendingSidecar {
  readonly recordingId: RecordingId;
  readonly key: StorageKey;
  readonly sha256: Sha256Hex;
  /** The digest, on disk, of the original that the sidecar speaks of, which gets its name before the sidecar does. */
  readonly originalSha256: Sha256Hex;
  /** Whether the original is being stored too, encrypted with a key that the sidecar alone will have. */
  readonly isKeyInSidecar: boolean;
  /** How many events the ledger had when the note was made. */
  readonly ledgerSize: number;
  /** What shows that the note is one of ours; see `toPendingNote`. */
  readonly proof: string;
}

/**
 * How far a catalogue can be relied on. `incomplete`: not every sidecar was indexed. `rebuilt`: every sidecar is, but what
 * vanished with its sidecar before is not known any more, and no report has said so yet. `complete`: all is known.
 */
export const CATALOGUE_STATES = ["incomplete", "complete", "rebuilt"] as const;
export type CatalogueState = (typeof CATALOGUE_STATES)[number];

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
 * One process at a time has a catalogue open; within it, methods may run side by side. What a method wrote is durable
 * when it settles.
 */
export interface Catalogue {
  /** What differs between drivers: the place as a person names it. */
  readonly traits: { readonly location: string };

  /** What is known of verifying the recordings; it is used no longer than the catalogue. */
  readonly checks: Checks;

  /** Tells how far the catalogue can be relied on; a new one, and one that was cleared, is `incomplete`. */
  state(): Promise<CatalogueState>;

  /** Notes how far the catalogue can be relied on from now on. */
  setState(state: CatalogueState): Promise<void>;

  /** Notes that sidecars are about to be written; all of them or, when it fails, none. */
  intend(pending: readonly PendingSidecar[]): Promise<void>;

  /** Gives what was noted and neither `put` nor dropped since. */
  pending(): Promise<readonly PendingSidecar[]>;

  /** Drops the note about a recording's sidecar. Idempotent. */
  drop(recordingId: RecordingId): Promise<void>;

  /**
   * Writes recordings and their files in place of what was known of them, and drops their notes; all of them or, when
   * it fails, none. What is known of verifying them stays, but of traces only those of files that are known with the same digest.
   * Idempotent.
   */
  put(recordings: readonly ArchivedRecording[]): Promise<void>;

  /** Gives one recording, or undefined. */
  find(recordingId: RecordingId): Promise<ArchivedRecording | undefined>;

  /** Gives those of the keys that no recording has a file under, in their order. */
  unknownAmong(keys: readonly StorageKey[]): Promise<readonly StorageKey[]>;

  /** Gives the ids of all recordings, oldest first by creation, in bounded memory. */
  recordingIds(): AsyncIterable<RecordingId>;

  /** Gives all recordings with their files, oldest first by creation, in bounded memory. */
  recordings(): AsyncIterable<ArchivedRecording>;

  /** Counts what is known. */
  summarise(): Promise<CatalogueSummary>;

  /** Forgets everything but the checks; the first step of `reindex`. */
  clear(): Promise<void>;

  /** Closes the catalogue and gives up its lock. It is not used afterwards. Idempotent. */
  close(): Promise<void>;
}
