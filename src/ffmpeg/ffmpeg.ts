import type { Sha256Hex } from "../core/digest.ts";

/** How a binary came to be chosen, in the order of preference. */
export type FfmpegOrigin = "flag" | "environment" | "file" | "path" | "embedded";

/** One ffmpeg binary and what it said of itself. */
export interface Ffmpeg {
  readonly path: string;
  readonly origin: FfmpegOrigin;
  /** The version as it prints it: `5.1.9-0+deb12u1`, or `N-47683-g0e8eb07980-static` for a build between releases. */
  readonly version: string;
  /** Undefined for a build between releases, which has no release number. */
  readonly majorVersion: number | undefined;
  /** The last year of its copyright line: how old its decoders are. */
  readonly copyrightYear: number | undefined;
  readonly encoders: readonly string[];
  readonly sha256: Sha256Hex;
}

/** The binary that was chosen, and why each that ranks higher was not. */
export interface FfmpegChoice {
  readonly ffmpeg: Ffmpeg;
  /** One sentence. */
  readonly reason: string;
  /** One sentence for each candidate that was looked at and passed over. */
  readonly passedOver: readonly string[];
}
