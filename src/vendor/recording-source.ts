import type { CallDetails } from "../core/call-details.ts";
import type { Sha256Hex } from "../core/digest.ts";
import type { RecordingState } from "../core/recording.ts";
import type { RecordingId } from "../core/recording-id.ts";

/** What the vendor says of one recording; nothing here has been checked. */
export interface RemoteRecording extends CallDetails {
  readonly recordingId: RecordingId;
  readonly callId: string;
  readonly status: RecordingState;
  readonly createdAtMs: number;
  readonly completedAtMs: number | undefined;
  readonly durationSeconds: number | undefined;
  readonly sizeBytes: number | undefined;
  /** The vendor's word for the format; the archive goes by the bytes instead. */
  readonly format: string | undefined;
  readonly bitrateKbps: number | undefined;
  readonly sampleRateHz: number | undefined;
  readonly channels: number | undefined;
  /** The vendor's digest of the bytes, when the list gives one. */
  readonly sha256: Sha256Hex | undefined;
}

/** Which recordings to list; `since` is inclusive and `until` exclusive, both on the time of creation. */
export interface ListFilter {
  readonly callId?: string | undefined;
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

/** Where the bytes of a recording are asked for. */
export interface DownloadAddress {
  readonly url: string;
  /** What proves to this URL's own origin who is calling, and how it is asked; secret, and for no other origin. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Options of every call to a vendor. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * How each single request of a call is made: paced, and tried again.
   *
   * @default once, at once
   */
  readonly call?: (<T>(request: () => Promise<T>) => Promise<T>) | undefined;
}

/** Options of {@link RecordingSource.locate}. */
export interface LocateOptions extends CallOptions {
  readonly refused?: DownloadAddress | undefined;
}

/** What the vendor answered when it deleted a recording. */
export interface Deletion {
  /** When it did, in its own words, which are none too long. */
  readonly deletedAt: string;
}

/**
 * Where recordings come from.
 *
 * Every method may be called at the same time as any other. Failures are `VendorError`s; those that
 * may pass by themselves have `retryable` set, and no driver retries on its own.
 */
export interface RecordingSource {
  /** What differs between drivers: the name that records carry, the origin that the key is sent to, and whether it can delete. */
  readonly traits: { readonly name: string; readonly origin: string; readonly deletes: boolean };

  /**
   * Lists recordings, each once, page after page until the vendor says there are no more, also while others appear
   * and vanish.
   *
   * @throws {VendorListIncompleteError} last of all, when the vendor counts more than its pages give; what was given
   * until then is good.
   */
  list(filter: ListFilter, options?: CallOptions): AsyncIterable<RemoteRecording>;

  /**
   * Asks for one recording.
   *
   * @throws {VendorNotFoundError} the vendor does not know it, or no longer.
   */
  get(recordingId: RecordingId, options?: CallOptions): Promise<RemoteRecording>;

  /**
   * Gives where the bytes of a completed recording are asked for; what that answers is for the downloader to find out.
   *
   * @param options.refused - An address that was answered with 401: what proved who is calling is renewed first.
   * @throws {VendorUnauthorizedError} a token could not be had for the key, or it was the key itself that was refused.
   */
  locate(recordingId: RecordingId, options?: LocateOptions): Promise<DownloadAddress>;

  /**
   * Deletes a recording at the vendor, for good. After an error that is `retryable`, or a reply that cannot be used, it may or
   * may not have been done.
   *
   * @throws {VendorNotFoundError} the vendor does not know it, or no longer.
   * @throws {VendorUnsupportedError} the dialect has no such call; nothing was asked.
   */
  delete(recordingId: RecordingId, options?: CallOptions): Promise<Deletion>;

  /** Closes idle connections. The source is not used afterwards. */
  close(): Promise<void>;
}
