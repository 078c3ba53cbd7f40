import type { Clock } from "../core/clock.ts";
import type { Secret } from "../core/secret.ts";
import type { EventLog } from "../ingest/event-log.ts";
import { WebhookInvalidError } from "../vendor/errors.ts";
import type { StoredEvent } from "../vendor/event-file.ts";
import { parseWebhookEvent, type WebhookEvent } from "../vendor/webhook-event.ts";
import { type ArrivedDelivery, checkDelivery } from "./check-delivery.ts";
import type { ReceiverTally } from "./receiver-counts.ts";

/** What deliveries go through. */
export interface ReceiverPorts {
  /** The endpoint's. */
  readonly secret: Secret;
  /** Nobody else appends to it while the receiver is open. */
  readonly log: EventLog;
  readonly clock: Clock;
  /** Told of each event once, when it is on disk. Must not throw. */
  readonly onEvent: (event: StoredEvent) => void;
  /** Told of what was answered with 503, such as a delivery that could not be stored. Must not throw. */
  readonly onFailure: (error: unknown) => void;
}

/** With what the receiver itself decides. */
export interface DeliveryPorts extends ReceiverPorts {
  readonly maxAgeSeconds: number;
  readonly tally: ReceiverTally;
}

/** What became of a delivery that was answered with 2xx. */
type Receipt = "received" | "unrecognised" | "duplicate";

/**
 * Stores a delivery, then tells of its event. What the vendor signed is kept in any case: it may have kinds of event
 * that its page does not have.
 *
 * @throws {Refusal} it is not the vendor's, or too old, or no JSON object.
 * @throws what {@link EventLog.append} throws; nothing is kept then.
 */
export async function receiveDelivery(
  delivery: ArrivedDelivery,
  { secret, log, clock, onEvent, maxAgeSeconds, tally }: DeliveryPorts,
): Promise<Receipt> {
  const receivedAtMs = clock.now();
  const body = checkDelivery(delivery, { secret, nowMs: receivedAtMs, maxAgeSeconds });
  const { timestamp, signature } = delivery;
  const outcome = await log.append({ timestamp, signature, body, receivedAtMs });
  if (outcome === "duplicate") {
    tally.duplicates += 1;
    return "duplicate";
  }
  const event = tryParseEvent(body);
  if (event === undefined) {
    tally.unrecognised += 1;
    return "unrecognised";
  }
  tally.received += 1;
  onEvent({ event, signature: "verified" });
  return "received";
}

function tryParseEvent(body: string): WebhookEvent | undefined {
  try {
    return parseWebhookEvent(body);
  } catch (error) {
    if (error instanceof WebhookInvalidError) return undefined;
    throw error;
  }
}
