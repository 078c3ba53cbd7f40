import { createHmac, timingSafeEqual } from "node:crypto";
import type { Secret } from "../core/secret.ts";

/** The header with the time of signing, as text. */
export const TIMESTAMP_HEADER = "X-Audian-Timestamp";
/** The header with the signature. */
export const SIGNATURE_HEADER = "X-Audian-Signature";

/** One delivery of a webhook as it arrived. */
export interface SignedDelivery {
  /** The value of {@link TIMESTAMP_HEADER}. */
  readonly timestamp: string;
  /** The value of {@link SIGNATURE_HEADER}. */
  readonly signature: string;
  /** The body before any parsing. */
  readonly rawBody: string | Uint8Array;
}

/**
 * Signs a webhook's body: hexadecimal HMAC-SHA256 of `timestamp.body` with the endpoint's secret [O].
 *
 * @param timestamp - The text that goes into {@link TIMESTAMP_HEADER}; it is signed as it stands.
 */
export function signWebhook(secret: Secret, timestamp: string, rawBody: string | Uint8Array): string {
  return createHmac("sha256", secret.reveal()).update(`${timestamp}.`).update(rawBody).digest("hex");
}

/**
 * Tells whether a delivery was signed with the secret, in a time that does not depend on the signature.
 * How old the timestamp is allowed to be is the caller's to decide.
 */
export function verifyWebhook(secret: Secret, delivery: SignedDelivery): boolean {
  if (!/^[0-9a-fA-F]{64}$/.test(delivery.signature)) return false;
  const expected = signWebhook(secret, delivery.timestamp, delivery.rawBody);
  return timingSafeEqual(Buffer.from(delivery.signature, "hex"), Buffer.from(expected, "hex"));
}
