import type { DigestAlgorithm } from "./digest.ts";

/** What can be wrong with the world. Kinds are added, never renamed. */
export const FINDING_KINDS = [
  "missing",
  "unexpected",
  "unreadable",
  "location-unreachable",
  "moved",
  "size-mismatch",
  "digest-mismatch",
  "tags-changed",
  "truncated",
  "corrupt-frames",
  "trailing-data",
  "duration-mismatch",
  "no-audio",
  "not-audio",
  "wrong-format",
  "manifest-invalid",
  "unsafe-path",
  "checksum-unverifiable",
  "signature-invalid",
  "ledger-broken",
  "not-conforming",
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** What a person needs to act on a finding; each field is there when it is known. */
export interface FindingDetail {
  readonly expected?: string | number | undefined;
  readonly found?: string | number | undefined;
  readonly algorithm?: DigestAlgorithm | undefined;
  readonly byteOffset?: number | undefined;
  readonly atSeconds?: number | undefined;
  readonly lostSeconds?: number | undefined;
  /** Where the recorded bytes were found instead. */
  readonly foundAt?: string | undefined;
  /** `bit-rot`: the bytes changed, while the file's size, time of change and inode did not: no program wrote them. */
  readonly cause?: "bit-rot" | undefined;
  /** Where a copy came from that has taken the place of what was found. */
  readonly healedFrom?: string | undefined;
  /** Where the bytes that were found are kept now. */
  readonly quarantinedAs?: string | undefined;
}

/** The world is not as recorded. A value, never thrown: the run that found it has succeeded. */
export interface Finding {
  readonly kind: FindingKind;
  /** The recording, path or object that it is about. */
  readonly subject: string;
  /** One sentence for a person. */
  readonly message: string;
  readonly detail: FindingDetail;
}
