import type { Evidence } from "../archive/schema.ts";
import type { Sha256Hex } from "../core/digest.ts";
import { DigestMismatchError, SizeMismatchError } from "../core/errors.ts";
import type { WebhookSignature } from "../vendor/event-file.ts";
import type { RemoteRecording } from "../vendor/recording-source.ts";
import type { EventEvidence } from "./event-evidence.ts";

/** What the vendor has promised of a recording's bytes before they come. */
export interface Promises {
  readonly subject: string;
  /** Each digest that was named, with where; bytes that lack one of them contradict the vendor. */
  readonly digests: readonly PromisedDigest[];
  readonly sizeBytes: number | undefined;
}

/** One digest that the vendor has named. */
export interface PromisedDigest {
  readonly sha256: Sha256Hex;
  readonly by: "list" | "webhook";
  /** Of the webhook. */
  readonly signature?: WebhookSignature;
}

/** What is known of bytes that have come. */
export interface Received {
  readonly sizeBytes: number;
  readonly sha256: Sha256Hex;
  /** What the server said beside the bytes (RFC 9530). */
  readonly httpSha256?: Sha256Hex | undefined;
  /** What a second reading gave. */
  readonly secondSha256?: Sha256Hex | undefined;
}

/** Gathers what the list and the webhooks promise. */
export function toPromises(remote: RemoteRecording, event: EventEvidence | undefined): Promises {
  const { recordingId: subject, sizeBytes, sha256 } = remote;
  const webhooks = (event?.claims ?? []).map((claim) => ({
    sha256: claim,
    by: "webhook" as const,
    signature: event?.signature ?? "not-checked",
  }));
  const list = sha256 === undefined ? [] : [{ sha256, by: "list" as const }];
  return { subject, digests: [...webhooks, ...list], sizeBytes };
}

/** Gives the digest that will prove the bytes, if the vendor's word is clear. */
export function findExpected({ digests }: Promises): Sha256Hex | undefined {
  const [first, ...others] = digests;
  return others.every(({ sha256 }) => sha256 === first?.sha256) ? first?.sha256 : undefined;
}

/**
 * Holds bytes against all that was promised of them and grades what that proves, never more. A webhook that should
 * have been signed and is not is listened to, but proves nothing.
 *
 * @throws {SizeMismatchError} no digest proves them and the size is not the promised one.
 * @throws {DigestMismatchError} a digest is another one.
 */
export function gradeEvidence({ subject, digests, sizeBytes }: Promises, received: Received): Evidence {
  const { sha256: found, httpSha256, secondSha256 } = received;
  const named = [...digests.map(({ sha256 }) => sha256), httpSha256, secondSha256];
  const expected = named.find((sha256) => sha256 !== undefined && sha256 !== found);
  // Bytes that nobody vouches for and that are too few or too many are just that, whatever their digest.
  if (expected !== undefined && !named.includes(found)) assertSize(subject, sizeBytes, received);
  if (expected !== undefined) throw new DigestMismatchError({ subject, expected, found });
  const proof = findProof(digests);
  const webhook = digests.find(({ by }) => by === "webhook");
  const told = {
    ...(digests[0] === undefined ? {} : { vendorSha256: digests[0].sha256 }),
    ...(webhook?.signature === undefined ? {} : { webhookSignature: webhook.signature }),
    ...(httpSha256 === undefined ? {} : { httpSha256 }),
    ...(secondSha256 === undefined ? {} : { reads: 2 }),
    ...(sizeBytes === undefined ? {} : { vendorSizeBytes: sizeBytes }),
  };
  if (proof !== undefined) return { grade: "vendor-digest", ...told };
  if (httpSha256 !== undefined) return { grade: "http-digest", ...told };
  assertSize(subject, sizeBytes, received);
  if (secondSha256 !== undefined) return { grade: "two-reads", ...told };
  return { grade: sizeBytes === received.sizeBytes ? "size-only" : "none", ...told };
}

/** Gives a digest that is the vendor's word. */
export function findProof(digests: readonly PromisedDigest[]): PromisedDigest | undefined {
  return digests.find(({ signature }) => signature !== "unsigned");
}

function assertSize(subject: string, expected: number | undefined, { sizeBytes }: Received): void {
  if (expected !== undefined && expected !== sizeBytes) throw new SizeMismatchError(subject, expected, sizeBytes);
}
