import { describe, expect, it } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import { signWebhook, verifyWebhook } from "../../../src/vendor/webhook-signature.ts";

const SECRET = new Secret("endpoint-secret");
const TIMESTAMP = "1705314960";
const BODY =
  '{"event":"recording.failed","data":{"call_id":"call_xyz789","recording_id":"rec_abc123","reason":"storage_error","failed_at":"2024-01-15T10:36:00Z"}}';
/** printf '%s' "1705314960.$BODY" | openssl dgst -sha256 -hmac endpoint-secret */
const SIGNATURE = "4c135b6d82b4e8f980da1c371772c2703b5bc8a5926e5efc9cda0054cd743fb3";
/** printf '1705314960.\xff\xfe\x00' | openssl dgst -sha256 -hmac endpoint-secret */
const BINARY_SIGNATURE = "cafcd91e12e56d77ce8150a287b88faba4bab499210f9d800b4be31ad448f822";

describe("signWebhook", () => {
  it("agrees with openssl", () => {
    expect(signWebhook(SECRET, TIMESTAMP, BODY)).toBe(SIGNATURE);
    expect(signWebhook(SECRET, TIMESTAMP, Buffer.from(BODY))).toBe(SIGNATURE);
    expect(signWebhook(SECRET, TIMESTAMP, Uint8Array.of(0xff, 0xfe, 0))).toBe(BINARY_SIGNATURE);
  });
});

describe("verifyWebhook", () => {
  const delivery = { timestamp: TIMESTAMP, signature: SIGNATURE, rawBody: BODY };

  it("accepts a signature in either case", () => {
    expect(verifyWebhook(SECRET, delivery)).toBe(true);
    expect(verifyWebhook(SECRET, { ...delivery, signature: SIGNATURE.toUpperCase() })).toBe(true);
  });

  it.each<[string, Partial<typeof delivery>]>([
    ["another body", { rawBody: BODY.replace("call_xyz789", "call_xyz780") }],
    ["a body parsed and written again", { rawBody: JSON.stringify(JSON.parse(BODY), undefined, 1) }],
    ["another timestamp", { timestamp: "1705314961" }],
    ["one wrong digit", { signature: `5${SIGNATURE.slice(1)}` }],
    ["half a signature", { signature: SIGNATURE.slice(0, 32) }],
    ["a signature and more", { signature: `${SIGNATURE}00` }],
    ["no signature", { signature: "" }],
    ["letters that are no digits", { signature: "z".repeat(64) }],
  ])("refuses %s", (_what, change) => {
    expect(verifyWebhook(SECRET, { ...delivery, ...change })).toBe(false);
  });

  it("refuses another secret", () => {
    expect(verifyWebhook(new Secret("endpoint-secreT"), delivery)).toBe(false);
  });
});
