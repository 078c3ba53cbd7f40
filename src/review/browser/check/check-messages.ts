import type { CheckOutcome } from "./check-outcome.ts";

/** A file of a folder that a person has chosen or dropped. */
export interface PickedFile {
  /** With forward slashes, from the chosen folder on, itself included; in a {@link CheckRequest} from the package's folder on. */
  readonly path: string;
  readonly file: File;
}

/** What the page asks its worker, once. */
export interface CheckRequest {
  readonly files: readonly PickedFile[];
  /** The digest that `manifest-sha256.txt` had when the page was made. */
  readonly manifestSha256: string;
  /** What no manifest can list, and is there all the same if the page says so: signature, time stamp. */
  readonly seals: readonly string[];
}

/** How far a check has come. */
export interface CheckProgress {
  readonly files: number;
  readonly ofFiles: number;
  readonly bytes: number;
  readonly ofBytes: number;
}

/** What the worker answers: any number of times how far it is, and then how it ended. */
export type CheckMessage =
  | { readonly kind: "progress"; readonly progress: CheckProgress }
  | { readonly kind: "done"; readonly outcome: CheckOutcome }
  | { readonly kind: "failed"; readonly message: string };
