import { describe, expect, it } from "vitest";
import { WebhookInvalidError } from "../../../src/vendor/errors.ts";
import { parseWebhookEvent } from "../../../src/vendor/webhook-event.ts";

const SUBJECT = { call_id: "call_xyz789", recording_id: "rec_abc123" };
const OURS = { recordingId: "rec_abc123", callId: "call_xyz789" };
const DOWNLOAD_URL = "https://api.audian.com:8443/v2/recordings/rec_abc123/download";
const COMPLETED = {
  ...SUBJECT,
  duration: 305,
  file_size: 1536000,
  file_format: "mp3",
  download_url: DOWNLOAD_URL,
  completed_at: "2024-01-15T10:36:00Z",
  checksum: { algorithm: "sha256", value: "abcdef0123456789" },
};
const DIGEST = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

function parse(event: string, data: object) {
  return parseWebhookEvent(JSON.stringify({ event, data, account: "unknown field" }));
}

describe("parseWebhookEvent", () => {
  it("reads the page's four samples", () => {
    expect(parse("recording.started", { ...SUBJECT, started_at: "2024-01-15T10:30:05Z" })).toEqual({
      event: "recording.started",
      ...OURS,
      startedAtMs: Date.UTC(2024, 0, 15, 10, 30, 5),
    });
    expect(parse("recording.stopped", { ...SUBJECT, duration: 305, stopped_at: "2024-01-15T10:35:10Z" })).toEqual({
      event: "recording.stopped",
      ...OURS,
      durationSeconds: 305,
      stoppedAtMs: Date.UTC(2024, 0, 15, 10, 35, 10),
    });
    expect(parse("recording.completed", COMPLETED)).toEqual({
      event: "recording.completed",
      ...OURS,
      completedAtMs: Date.UTC(2024, 0, 15, 10, 36),
      durationSeconds: 305,
      sizeBytes: 1536000,
      format: "mp3",
      downloadUrl: DOWNLOAD_URL,
      digest: undefined,
      unusableChecksum: "sha256:abcdef0123456789",
    });
    const failed = { ...SUBJECT, reason: "storage_error", failed_at: "2024-01-15T10:36:00Z" };
    expect(parse("recording.failed", failed)).toEqual({
      event: "recording.failed",
      ...OURS,
      reason: "storage_error",
      failedAtMs: Date.UTC(2024, 0, 15, 10, 36),
    });
  });

  it("reads the shorter sample of a completed recording", () => {
    const { file_format, checksum, ...shorter } = COMPLETED;
    expect(parse("recording.completed", shorter)).toMatchObject({
      format: undefined,
      digest: undefined,
      unusableChecksum: undefined,
    });
  });

  it.each([
    ["sha256", DIGEST, DIGEST, undefined],
    ["SHA256", DIGEST.toUpperCase(), DIGEST, undefined],
    ["sha256", DIGEST.slice(1), undefined, `sha256:${DIGEST.slice(1)}`],
    ["sha256", `${DIGEST}0`, undefined, `sha256:${DIGEST}0`],
    ["sha256", "z".repeat(64), undefined, `sha256:${"z".repeat(64)}`],
    ["md5", DIGEST, undefined, `md5:${DIGEST}`],
    ["sha256", "", undefined, "sha256:"],
  ])("takes the checksum %s %s for the digest %s", (algorithm, value, digest, unusableChecksum) => {
    const event = parse("recording.completed", { ...COMPLETED, checksum: { algorithm, value } });
    expect(event).toMatchObject({ digest, unusableChecksum });
  });

  it.each([
    ["{", "not JSON"],
    ["null", "Invalid input"],
    ['{"event":"call.answered","data":{}}', "event: "],
    ['{"event":"recording.started","data":{"call_id":"c","recording_id":"r"}}', "data.started_at: "],
    ['{"event":"recording.started","data":{"call_id":"c","recording_id":"","started_at":"2024-01-15"}}', "data.rec"],
  ])("refuses %s", (body, problem) => {
    expect(() => parseWebhookEvent(body)).toThrow(WebhookInvalidError);
    expect(() => parseWebhookEvent(body)).toThrow(`webhook body is no valid webhook event: ${problem}`);
  });
});
