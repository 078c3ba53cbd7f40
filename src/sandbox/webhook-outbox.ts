import { appendFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import pLimit from "p-limit";
import type { Secret } from "../core/secret.ts";
import { SIGNATURE_HEADER, signWebhook, TIMESTAMP_HEADER } from "../vendor/webhook-signature.ts";
import type { FaultyEvents } from "./faults/faulty-events.ts";
import type { RecordingEvent } from "./recording-event.ts";
import type { SandboxFolder } from "./sandbox-folder.ts";

/** Where webhooks go. */
export interface WebhookOutboxOptions {
  readonly folder: SandboxFolder;
  readonly secret: Secret;
  /** The receiver; without one, events are only written down. */
  readonly url: string | undefined;
  readonly faults: FaultyEvents;
  /** Ends deliveries under way; what was not taken by then is written down as undelivered. */
  readonly signal: AbortSignal;
}

/** A signed event as it is sent and as a line of `events.ndjson` holds it. */
interface Envelope {
  readonly timestamp: string;
  readonly signature: string;
  readonly body: string;
}

/** The vendor tries up to 5 times within 50 minutes [O]; nobody at a sandbox waits that long. */
const RETRY_DELAYS_MS: readonly number[] = [50, 200];
const DELIVERY_TIMEOUT_MS = 5000;
/** How long an event that is to come late waits for the one that overtakes it. */
const OVERTAKING_MS = 200;

/**
 * Signs events, writes each down in `events.ndjson` and sends them one after another. A receiver that is slow
 * or gone holds up nothing but the deliveries behind it.
 */
export class WebhookOutbox {
  readonly #options: WebhookOutboxOptions;
  readonly #writing = pLimit(1);
  readonly #sending = pLimit(1);
  #overtaking = Promise.resolve();

  constructor(options: WebhookOutboxOptions) {
    this.#options = options;
  }

  /** Writes the events of the past down, without sending them. */
  async record(events: readonly RecordingEvent[]): Promise<void> {
    const { faults, folder } = this.#options;
    const sent = [...events.flatMap((event) => faults.next(event)), ...faults.rest()];
    await this.#append(
      folder.eventsFile,
      sent.map((event) => this.#seal(event)),
    );
  }

  /** Resolves when the event is written down, unless it is to come late; it is sent behind the caller's back. */
  async publish(event: RecordingEvent): Promise<void> {
    const { faults } = this.#options;
    const sent = faults.next(event);
    await this.#send(sent);
    if (sent.length === 0) this.#overtaking = delay(OVERTAKING_MS).then(() => this.#send(faults.rest()));
  }

  /** Resolves when everything published so far was sent or given up. */
  async settled(): Promise<void> {
    await this.#overtaking;
    await this.#sending(() => {});
  }

  async #send(events: readonly RecordingEvent[]): Promise<void> {
    const { folder, url } = this.#options;
    const envelopes = events.map((event) => this.#seal(event));
    await this.#append(folder.eventsFile, envelopes);
    if (url === undefined) return;
    for (const envelope of envelopes) void this.#sending(() => this.#deliver(url, envelope));
  }

  #seal({ atMs, event, data }: RecordingEvent): Envelope {
    const timestamp = String(Math.floor(atMs / 1000));
    const body = JSON.stringify({ event, data });
    return { timestamp, signature: signWebhook(this.#options.secret, timestamp, body), body };
  }

  async #append(path: string, envelopes: readonly Envelope[]): Promise<void> {
    const lines = envelopes.map((envelope) => `${JSON.stringify(envelope)}\n`);
    await this.#writing(() => appendFile(path, lines.join("")));
  }

  async #deliver(url: string, envelope: Envelope): Promise<void> {
    const { folder, signal } = this.#options;
    for (const delayMs of [0, ...RETRY_DELAYS_MS]) {
      if (signal.aborted) break;
      await delay(delayMs);
      const outcome = await post(url, envelope, signal);
      if (outcome === "taken") return;
      if (outcome === "refused") break;
    }
    await this.#append(folder.undeliveredFile, [envelope]);
  }
}

/** The vendor does not try again after a 4xx, but does after a 5xx, a timeout or no answer [O]. */
async function post(
  url: string,
  { timestamp, signature, body }: Envelope,
  signal: AbortSignal,
): Promise<"taken" | "refused" | "failed"> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        [TIMESTAMP_HEADER]: timestamp,
        [SIGNATURE_HEADER]: signature,
      },
      body,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(DELIVERY_TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    if (response.ok) return "taken";
    return response.status < 500 ? "refused" : "failed";
  } catch {
    return "failed"; // No answer for whatever reason; the next try or the list of undelivered events shows it.
  }
}
