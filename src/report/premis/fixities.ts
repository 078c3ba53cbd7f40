import type { PackagedEvidence, PackagedFile, PackagedRecording } from "../../core/packaged-recording.ts";
import type { Fixity } from "./object.ts";

/** Who computed the digests of all files when the package was made. */
const OURS = "holdfast";

/** Gives the digests that were computed of a file when it was packaged. */
export function toOwnFixities({ sha256, sha512 }: PackagedFile): readonly Fixity[] {
  return [
    { algorithm: "SHA-256", digest: sha256, originator: OURS },
    { algorithm: "SHA-512", digest: sha512, originator: OURS },
  ];
}

/** Gives all digests of an original: ours, and those that others sent, as they were sent. */
export function toOriginalFixities({ original, evidence }: PackagedRecording): readonly Fixity[] {
  return [...toOwnFixities(original), ...(evidence === undefined ? [] : toForeignFixities(evidence))];
}

/** A digest that nobody sent is not there: it is never ours under another name. */
function* toForeignFixities({ detail }: PackagedEvidence): Generator<Fixity> {
  const { vendorSha256, httpSha256, webhookSignature } = detail;
  if (typeof vendorSha256 === "string") {
    yield { algorithm: "SHA-256", digest: vendorSha256, originator: toVendorWords(webhookSignature) };
  }
  if (typeof httpSha256 === "string") {
    yield { algorithm: "SHA-256", digest: httpSha256, originator: "the server that sent the bytes (RFC 9530)" };
  }
}

/** A webhook whose signature was not verified may have been sent by anybody. */
function toVendorWords(webhookSignature: string | number | undefined): string {
  if (webhookSignature === undefined) return "vendor, in its list";
  if (webhookSignature === "verified") return "vendor, in a webhook with a verified signature";
  return `vendor, as a webhook says that is ${webhookSignature === "unsigned" ? "unsigned" : "not checked"}`;
}
