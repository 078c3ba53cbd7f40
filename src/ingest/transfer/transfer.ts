import type { Identity } from "../../audio/identify.ts";
import type { Sha256Hex } from "../../core/digest.ts";
import type { DownloadAddress } from "../../vendor/recording-source.ts";

/** One recording to bring to disk. */
export interface TransferJob {
  /** What errors call it. */
  readonly subject: string;
  readonly address: DownloadAddress;
  /** Where the bytes go: the beginning of the file's path; its end says what the bytes belong to. */
  readonly stem: string;
  /** Whether an earlier attempt or run may have left bytes there. */
  readonly mayHoldBytes: boolean;
  /** The digest that will prove the whole: bytes that another run left can be gone on with whatever the server says. */
  readonly sha256: Sha256Hex | undefined;
  /** The size that was promised. */
  readonly sizeBytes: number | undefined;
  /** A body that is longer is broken off. */
  readonly limitBytes: number;
  /** With 2, the bytes are read again over another connection, and only compared. */
  readonly reads: 1 | 2;
}

/** The bytes of a recording, safely on disk, and what is known of them. */
export interface Transferred {
  /** The staged file. */
  readonly path: string;
  /** Of the whole file, whatever part of it came this time. */
  readonly identity: Identity;
  /** How many bytes were there before. */
  readonly resumedFromByte: number;
  /** The server's own digest of the whole file (RFC 9530). */
  readonly httpSha256: Sha256Hex | undefined;
  /** The digest of the second reading, if there was one. */
  readonly secondSha256: Sha256Hex | undefined;
}

/** Options of one transfer. */
export interface TransferOptions {
  /** Makes the call reject at once; what was under way is broken off at the latest by `close`. */
  readonly signal?: AbortSignal | undefined;
  /** Told now and then, in the course of a long body, how many bytes more have come. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * What brings recordings to disk. Calls may run side by side; how many bodies are under way at a time is the driver's
 * to bound.
 */
export interface Transfers {
  /**
   * Downloads a recording, or the rest of it. What has come when it fails stays on disk for the next attempt.
   *
   * @throws {VendorError} as `openDownload` does, or a {@link CarriedError} that stands for it.
   * @throws {SizeMismatchError} the body is longer than the limit.
   * @throws {StorageFullError} no space left.
   */
  run(job: TransferJob, options?: TransferOptions): Promise<Transferred>;

  /** Breaks off what is under way and closes all connections. */
  close(): Promise<void>;
}
