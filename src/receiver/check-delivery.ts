import type { Secret } from "../core/secret.ts";
import { tryParseJson } from "../core/try-parse-json.ts";
import { type SignedDelivery, verifyWebhook } from "../vendor/webhook-signature.ts";
import { Refusal } from "./refusal.ts";

/** A delivery whose body is still the bytes that were sent. */
export interface ArrivedDelivery extends SignedDelivery {
  readonly rawBody: Uint8Array;
}

/** What a delivery is held against. */
export interface DeliveryCheck {
  readonly secret: Secret;
  readonly nowMs: number;
  /** How old the timestamp may be. */
  readonly maxAgeSeconds: number;
}

/** How far the clocks of vendor and receiver may be apart. */
const MAX_AHEAD_SECONDS = 300;

/**
 * Makes sure that a delivery was signed with the secret, not long ago, and is a JSON object.
 *
 * @returns the body's text; its UTF-8 is, to the byte, what was signed.
 * @throws {Refusal} it is not; without the right signature nothing else is looked at.
 */
export function checkDelivery(delivery: ArrivedDelivery, { secret, nowMs, maxAgeSeconds }: DeliveryCheck): string {
  if (!verifyWebhook(secret, delivery)) throw new Refusal("signature-invalid");
  const ageSeconds = nowMs / 1000 - parseUnixSeconds(delivery.timestamp);
  if (ageSeconds > maxAgeSeconds || ageSeconds < -MAX_AHEAD_SECONDS) throw new Refusal("timestamp-outside-window");
  const body = decodeUtf8(delivery.rawBody);
  const value = tryParseJson(body);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refusal("not-an-event");
  return body;
}

function parseUnixSeconds(text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new Refusal("timestamp-outside-window");
  return Number(text);
}

/** Strictly, and with a byte order mark kept: a text that was repaired is no longer the one that was signed. */
function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new Refusal("not-an-event", { cause: error });
  }
}
