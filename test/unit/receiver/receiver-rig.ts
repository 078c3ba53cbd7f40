import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import { EventLog } from "../../../src/ingest/event-log.ts";
import { openReceiver, type Receiver } from "../../../src/receiver/receiver.ts";
import type { StoredEvent } from "../../../src/vendor/event-file.ts";
import { SIGNATURE_HEADER, signWebhook, TIMESTAMP_HEADER } from "../../../src/vendor/webhook-signature.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

export const SECRET = new Secret("endpoint-secret");

/** A receiver on a free port, with a clock that can be set, and all that it told of. */
export interface ReceiverRig {
  readonly receiver: Receiver;
  readonly path: string;
  readonly events: readonly StoredEvent[];
  readonly failures: readonly unknown[];
  readonly clock: { now(): number };
}

/** What the clock of a {@link ReceiverRig} says. */
export const NOW_SECONDS = 1772366400;

/** Opens a receiver that is closed when the test ends. */
export async function openReceiverRig(folder?: string): Promise<ReceiverRig> {
  const path = join(folder ?? (await makeTemporaryFolder()), "events", "received.ndjson");
  const log = await EventLog.open(path);
  const [events, failures]: [StoredEvent[], unknown[]] = [[], []];
  const clock = { now: () => NOW_SECONDS * 1000 };
  const receiver = await openReceiver({
    port: 0,
    secret: SECRET,
    log,
    clock,
    onEvent: (event) => events.push(event),
    onFailure: (error) => failures.push(error),
  });
  onTestFinished(() => receiver.close());
  return { receiver, path, events, failures, clock };
}

/** What may be wrong with a delivery. */
export interface DeliveryChange {
  readonly secret?: Secret;
  readonly timestamp?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Writes a webhook's body. */
export function toBody(recordingId: string, more: object = {}): string {
  const data = { recording_id: recordingId, call_id: "call_é", started_at: "2026-03-01T12:00:00Z", ...more };
  return JSON.stringify({ event: "recording.started", data });
}

/** Signs a body as the vendor does. */
export function toHeaders(body: string | Buffer, change: DeliveryChange = {}): Record<string, string> {
  const { secret = SECRET, timestamp = String(NOW_SECONDS), headers = {} } = change;
  const signature = signWebhook(secret, timestamp, body);
  return {
    "Content-Type": "application/json",
    [TIMESTAMP_HEADER]: timestamp,
    [SIGNATURE_HEADER]: signature,
    ...headers,
  };
}

/** Sends a body as the vendor does; every answer is JSON. */
export async function deliver(url: string, body: string | Buffer, change: DeliveryChange = {}) {
  const response = await fetch(url, { method: "POST", body, headers: toHeaders(body, change) });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}
