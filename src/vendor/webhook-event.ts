import type { Sha256Hex } from "../core/digest.ts";
import type { RecordingId } from "../core/recording-id.ts";
import { tryParseJson } from "../core/try-parse-json.ts";
import { tryToSha256 } from "./checksum.ts";
import { WebhookInvalidError, WebhookKindError } from "./errors.ts";
import { parseInstant } from "./parse-instant.ts";
import { EVENT_KINDS, toProblem, WebhookBody } from "./schema.ts";

interface EventSubject {
  readonly recordingId: RecordingId;
  readonly callId: string;
}

/** A recording has begun. */
export interface RecordingStarted extends EventSubject {
  readonly event: "recording.started";
  readonly startedAtMs: number;
}

/** A recording has ended and will be processed. */
export interface RecordingStopped extends EventSubject {
  readonly event: "recording.stopped";
  readonly stoppedAtMs: number;
  readonly durationSeconds: number | undefined;
}

/** A recording can be downloaded. */
export interface RecordingCompleted extends EventSubject {
  readonly event: "recording.completed";
  readonly completedAtMs: number;
  readonly durationSeconds: number | undefined;
  readonly sizeBytes: number | undefined;
  readonly format: string | undefined;
  /** What the sender says; it is not to be followed with the key unless it is at the API's own origin. */
  readonly downloadUrl: string | undefined;
  /** The vendor's digest of the bytes, when it is one. */
  readonly digest: Sha256Hex | undefined;
  /** A checksum that proves nothing, as `algorithm:value`: not sha256, or not 64 hexadecimal digits. */
  readonly unusableChecksum: string | undefined;
}

/** A recording was lost at the vendor. */
export interface RecordingFailed extends EventSubject {
  readonly event: "recording.failed";
  readonly failedAtMs: number;
  readonly reason: string;
}

/** What a webhook says. Deliveries can repeat and arrive out of order [O]. */
export type WebhookEvent = RecordingStarted | RecordingStopped | RecordingCompleted | RecordingFailed;

/**
 * Reads the body of a webhook; the signature is not looked at.
 *
 * @param where - What the body is called in an error.
 * @throws {WebhookKindError} it is of a kind that is not documented.
 * @throws {WebhookInvalidError} it is not JSON or none of the four documented events.
 * @see Vendor API page, "Recording Webhooks"
 */
export function parseWebhookEvent(rawBody: string, where = "webhook body"): WebhookEvent {
  const value = tryParseJson(rawBody);
  if (value === undefined) throw new WebhookInvalidError(where, "not JSON");
  const checked = WebhookBody.safeParse(value);
  if (checked.success) return toWebhookEvent(checked.data);
  const Invalid = isOfOtherKind(value) ? WebhookKindError : WebhookInvalidError;
  throw new Invalid(where, toProblem(checked.error), { cause: checked.error });
}

function isOfOtherKind(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("event" in value)) return false;
  return typeof value.event === "string" && !EVENT_KINDS.includes(value.event);
}

function toWebhookEvent(body: WebhookBody): WebhookEvent {
  const subject = { recordingId: body.data.recording_id, callId: body.data.call_id };
  switch (body.event) {
    case "recording.started":
      return { event: body.event, ...subject, startedAtMs: parseInstant(body.data.started_at) };
    case "recording.stopped":
      return {
        event: body.event,
        ...subject,
        stoppedAtMs: parseInstant(body.data.stopped_at),
        durationSeconds: body.data.duration ?? undefined,
      };
    case "recording.completed":
      return { event: body.event, ...subject, ...toCompletion(body.data) };
    case "recording.failed":
      return { event: body.event, ...subject, failedAtMs: parseInstant(body.data.failed_at), reason: body.data.reason };
  }
}

type CompletedData = Extract<WebhookBody, { event: "recording.completed" }>["data"];

function toCompletion(data: CompletedData): Omit<RecordingCompleted, "event" | keyof EventSubject> {
  const { checksum } = data;
  const digest = tryToSha256(checksum ?? undefined);
  const isUnusable = checksum && digest === undefined;
  return {
    completedAtMs: parseInstant(data.completed_at),
    durationSeconds: data.duration ?? undefined,
    sizeBytes: data.file_size ?? undefined,
    format: data.file_format ?? undefined,
    downloadUrl: data.download_url ?? undefined,
    digest,
    unusableChecksum: isUnusable ? `${checksum.algorithm}:${checksum.value}` : undefined,
  };
}
