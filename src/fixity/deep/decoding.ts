import type { Slots } from "../../async/slots.ts";
import type { Identity } from "../../audio/identify.ts";
import type { Structure } from "../../audio/structure.ts";
import type { Finding } from "../../core/finding.ts";
import type { FileTrace } from "../../core/verification.ts";
import type { Confinement } from "../../ffmpeg/confinement.ts";
import type { Ffmpeg } from "../../ffmpeg/ffmpeg.ts";

/** A file that was read through, and is to be decoded if it is a recording. */
export interface DecodeRequest {
  readonly path: string;
  /** What it was when it was read. */
  readonly identity: Identity;
  /** What the file system said of it then: what has changed since is not judged. */
  readonly trace: FileTrace;
}

/** A request for what is a recording. */
export interface Decodable {
  readonly path: string;
  readonly structure: Structure;
  readonly trace: FileTrace;
}

/** What became of one request. Never thrown: what cannot be decoded is told as such. */
export type DecodeVerdict =
  /** It was decoded from its first byte to its last: `corrupt-frames`, `duration-mismatch`, `no-audio`, or nothing is wrong. */
  | { readonly kind: "decoded"; readonly findings: readonly Finding[] }
  /** It is no recording, or one whose structure shows that no audio is in it: there is no deeper look than that. */
  | { readonly kind: "nothing-to-decode" }
  /** This ffmpeg cannot decode such a recording, which says nothing against it; the reason is half a sentence. */
  | { readonly kind: "undecodable"; readonly reason: string }
  /** It changed, went away or stopped being readable since it was read, or ffmpeg did not come to an end. */
  | { readonly kind: "unreadable"; readonly finding: Finding };

/** Decodes recordings whole and judges each; see `decodeFiles`. */
export type Decode = (
  requests: readonly DecodeRequest[],
  signal: AbortSignal | undefined,
) => Promise<readonly DecodeVerdict[]>;

/** What decoding needs. */
export interface DecodeContext {
  readonly ffmpeg: Ffmpeg;
  readonly confinement: Confinement;
  /** How many runs of ffmpeg there may be at a time, in all calls together. */
  readonly slots: Slots;
  readonly signal: AbortSignal | undefined;
}
