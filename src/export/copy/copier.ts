import type { Identity } from "../../audio/identify.ts";
import type { DigestAlgorithm } from "../../core/digest.ts";
import type { Waveform } from "../../core/packaged-recording.ts";

/** How a file is to be copied. */
export interface CopyRequest {
  readonly from: string;
  /** A new file; its folder is there. */
  readonly to: string;
  /** The digests that are wanted, computed in the same reading. */
  readonly algorithms: readonly DigestAlgorithm[];
  /** Whether its text is wanted, of a small file. @default false */
  readonly text?: boolean;
  /** Whether its audio is walked as well. @default false */
  readonly identity?: boolean;
  /** Whether its waveform is taken, where that costs no decoding. @default false */
  readonly waveform?: boolean;
}

/** What came of a copy. */
export type Copied =
  | {
      readonly kind: "copied";
      readonly sizeBytes: number;
      /** In the order of the request's algorithms, lower-case hexadecimal. */
      readonly digests: readonly string[];
      /** UTF-8, with its byte order mark. */
      readonly text?: string | undefined;
      readonly identity?: Identity | undefined;
      readonly waveform?: Waveform | undefined;
    }
  /** Nothing has that name. */
  | { readonly kind: "absent" }
  /** It cannot be copied, in words; nothing stands under the new name. */
  | { readonly kind: "unreadable"; readonly reason: string };

/** What copies files, several at a time. */
export interface Copier {
  /** How many requests are worked on at the same time. */
  readonly threads: number;

  /**
   * Copies files, one after the other, each with one reading. Copies are on disk only after {@link settle}.
   *
   * @returns what came of them, in the order of the requests.
   * @throws {StorageFullError | StorageUnavailableError} a copy cannot be written.
   * @throws the reason of `signal` when it aborts; also in the middle of a file, of which no copy is left.
   */
  copy(requests: readonly CopyRequest[], signal?: AbortSignal): Promise<readonly Copied[]>;

  /**
   * Brings copies to disk, which takes longer than making them and costs next to nothing: other work goes on meanwhile.
   *
   * @throws {StorageFullError | StorageUnavailableError} they cannot be.
   * @throws the reason of `signal` when it aborts.
   */
  settle(paths: Iterable<string>, signal?: AbortSignal): Promise<void>;

  /** Ends the threads. It is not used afterwards. Idempotent. */
  close(): Promise<void>;
}
