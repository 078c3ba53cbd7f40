import type { Identity } from "../../audio/identify.ts";
import type { DigestAlgorithm } from "../../core/digest.ts";
import type { FileTrace } from "../../core/verification.ts";
import type { FileSpan } from "../../io/read-file.ts";

/** How a file is to be looked at. */
export interface LookRequest {
  readonly path: string;
  /** What is read instead of all that stands under the path; its trace has the part's size. @default it is a file of its own */
  readonly within?: FileSpan | undefined;
  /** The digests that are wanted, computed in one reading; none for a look at the file's size and kind alone. */
  readonly algorithms: readonly DigestAlgorithm[];
  /** Whether the audio is walked as well, in the same reading. @default false */
  readonly identity?: boolean;
  /** Whether the bytes are wanted as UTF-8 text; only for files that are known to be small. @default false */
  readonly text?: boolean;
}

/** What was seen of a file. Never thrown: what cannot be looked at is told as such. */
export type Look =
  | {
      readonly kind: "regular";
      readonly trace: FileTrace;
      /** In the order of the request's algorithms, lower-case hexadecimal. */
      readonly digests: readonly string[];
      readonly identity?: Identity;
      readonly text?: string;
    }
  /** Nothing has that name. */
  | { readonly kind: "absent" }
  /** Something that is no file of its own has that name; it was not followed or read. */
  | { readonly kind: "other"; readonly what: "symbolic link" | "folder" | "pipe" | "socket" | "device" }
  /** It is there and cannot be read, or changed while it was read. */
  | { readonly kind: "unreadable"; readonly reason: string };

/** What looks at files, several at a time. */
export interface Looker {
  /** How many batches are worked on at the same time; two for each are enough to keep all busy. */
  readonly readers: number;
  /** How many bytes a batch holds at most, where reading is slowed down. @default as many as cost little to hand over */
  readonly batchBytes?: number | undefined;

  /**
   * Looks at files, one after the other, each with one reading at most.
   *
   * @returns what was seen, in the order of the requests.
   * @throws the reason of `signal` when it aborts; also in the middle of a file.
   */
  look(requests: readonly LookRequest[], signal?: AbortSignal): Promise<readonly Look[]>;

  /** Ends the threads. It is not used afterwards. Idempotent. */
  close(): Promise<void>;
}
