import type { Secret } from "../core/secret.ts";
import { tryParseJson } from "../core/try-parse-json.ts";
import { WebhookInvalidError, WebhookSignatureError } from "./errors.ts";
import { toProblem, WebhookEnvelope } from "./schema.ts";
import { parseWebhookEvent, type WebhookEvent } from "./webhook-event.ts";
import { verifyWebhook } from "./webhook-signature.ts";

/** What is known of an event's signature. */
export type WebhookSignature = "verified" | "not-checked" | "unsigned";

/** One event of an event file. */
export interface StoredEvent {
  readonly event: WebhookEvent;
  /** `not-checked` when no secret was given; `unsigned` when one was and the line holds no signature. */
  readonly signature: WebhookSignature;
}

/** What {@link parseEventLine} knows beside the line. */
export interface EventLineOptions {
  /** Counted from 1, for errors. */
  readonly lineNumber: number;
  /** The endpoint's secret; without it no signature is checked. */
  readonly secret?: Secret | undefined;
}

/**
 * Reads one line of an event file (NDJSON). A line is a webhook's bare body or the envelope
 * `{"timestamp","signature","body"}` with the body as the text that was signed. Blank lines are the caller's
 * to skip.
 *
 * @throws {WebhookInvalidError} the line is neither, or its signature is not the secret's.
 */
export function parseEventLine(line: string, { lineNumber, secret }: EventLineOptions): StoredEvent {
  const where = `line ${lineNumber}`;
  const value = tryParseJson(line);
  if (typeof value !== "object" || value === null || !("body" in value)) {
    return { event: parseWebhookEvent(line, where), signature: secret === undefined ? "not-checked" : "unsigned" };
  }
  const checked = WebhookEnvelope.safeParse(value);
  if (!checked.success) throw new WebhookInvalidError(where, toProblem(checked.error), { cause: checked.error });
  return openEnvelope(checked.data, { where, secret });
}

function openEnvelope(
  { timestamp, signature, body }: WebhookEnvelope,
  { where, secret }: { where: string; secret: Secret | undefined },
): StoredEvent {
  if (secret !== undefined && !verifyWebhook(secret, { timestamp, signature, rawBody: body })) {
    throw new WebhookSignatureError(where);
  }
  return { event: parseWebhookEvent(body, where), signature: secret === undefined ? "not-checked" : "verified" };
}
