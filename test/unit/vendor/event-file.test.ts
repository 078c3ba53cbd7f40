import { describe, expect, it } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import { WebhookInvalidError } from "../../../src/vendor/errors.ts";
import { parseEventLine } from "../../../src/vendor/event-file.ts";
import { signWebhook } from "../../../src/vendor/webhook-signature.ts";

const secret = new Secret("endpoint-secret");
const BODY =
  '{"event":"recording.started", "data":{"call_id":"é","recording_id":"rec_abc123","started_at":"2024-01-15T10:30:05Z"}}';
const TIMESTAMP = "1705314605";
const EVENT = { event: "recording.started", recordingId: "rec_abc123", callId: "é", startedAtMs: 1705314605000 };

function envelope(change: object = {}): string {
  return JSON.stringify({
    timestamp: TIMESTAMP,
    signature: signWebhook(secret, TIMESTAMP, BODY),
    body: BODY,
    receivedAt: "unknown field",
    ...change,
  });
}

describe("parseEventLine", () => {
  it("reads a bare body, whose signature cannot be checked", () => {
    expect(parseEventLine(BODY, { lineNumber: 1 })).toEqual({ event: EVENT, signature: "not-checked" });
    expect(parseEventLine(BODY, { lineNumber: 1, secret })).toEqual({ event: EVENT, signature: "unsigned" });
  });

  it("verifies an envelope against the secret", () => {
    expect(parseEventLine(envelope(), { lineNumber: 1, secret })).toEqual({ event: EVENT, signature: "verified" });
  });

  it("says that it did not check an envelope without a secret", () => {
    const line = envelope({ signature: "00" });
    expect(parseEventLine(line, { lineNumber: 1 })).toEqual({ event: EVENT, signature: "not-checked" });
  });

  it.each<[string, string, string]>([
    ["a wrong signature", envelope({ signature: "0".repeat(64) }), "the signature does not match"],
    ["a changed body", envelope({ body: BODY.replace("rec_abc123", "rec_abc124") }), "the signature does not match"],
    ["another timestamp", envelope({ timestamp: "1705314606" }), "the signature does not match"],
    ["an envelope without a timestamp", envelope({ timestamp: undefined }), "timestamp: "],
    ["an envelope around an object", envelope({ body: JSON.parse(BODY) }), "body: "],
    ["half a line", envelope().slice(0, 40), "not JSON"],
    ["a list", "[]", "Invalid input"],
    ["another event", '{"event":"call.answered","data":{}}', "event: "],
  ])("refuses %s and names the line", (_what, line, problem) => {
    const parse = () => parseEventLine(line, { lineNumber: 17, secret });
    expect(parse).toThrow(WebhookInvalidError);
    expect(parse).toThrow(`line 17 is no valid webhook event: ${problem}`);
  });

  it("refuses a signed body that is no event", () => {
    const body = "{}";
    const line = envelope({ body, signature: signWebhook(secret, TIMESTAMP, body) });
    expect(() => parseEventLine(line, { lineNumber: 3, secret })).toThrow("line 3 is no valid webhook event: event: ");
  });
});
