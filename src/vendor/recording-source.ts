import type { RecordingState } from "../core/recording.ts";
import type { RecordingId } from "../core/recording-id.ts";

/** What the vendor says of one recording; nothing here has been checked. */
export interface RemoteRecording {
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
}

/** Which recordings to list; `since` is inclusive and `until` exclusive, both on the time of creation. */
export interface ListFilter {
  readonly callId?: string | undefined;
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

/** The bytes of one recording on their way. */
export interface Download {
  /** What the server said the body is; the bytes decide. */
  readonly contentType: string | undefined;
  /** Content-Length, when the server sent one. */
  readonly sizeBytes: number | undefined;
  /** Iterated once, to its end or until the caller stops; stopping closes the connection. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Options of every call to a vendor. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Where recordings come from.
 *
 * Every method may be called at the same time as any other. Failures are `VendorError`s; those that
 * may pass by themselves have `retryable` set, and no driver retries on its own.
 */
export interface RecordingSource {
  /** What differs between drivers: the name that records carry and the origin that the key is sent to. */
  readonly traits: { readonly name: string; readonly origin: string };

  /**
   * Lists recordings in the vendor's order, page after page until the vendor says there are no more.
   * An id that two pages both hold is given once.
   */
  list(filter: ListFilter, options?: CallOptions): AsyncIterable<RemoteRecording>;

  /**
   * Asks for one recording.
   *
   * @throws {VendorNotFoundError} the vendor does not know it, or no longer.
   */
  get(recordingId: RecordingId, options?: CallOptions): Promise<RemoteRecording>;

  /**
   * Opens the bytes of a completed recording. The caller iterates `chunks` to its end or stops; either
   * closes the connection.
   *
   * @throws {VendorNotFoundError} there are no bytes, or not yet.
   */
  download(recordingId: RecordingId, options?: CallOptions): Promise<Download>;

  /** Closes idle connections. The source is not used afterwards. */
  close(): Promise<void>;
}
