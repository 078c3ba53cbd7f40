import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { SignedDelivery } from "../../../src/vendor/webhook-signature.ts";

/** A delivery with the body's event taken out. */
interface ReceivedWebhook extends SignedDelivery {
  readonly rawBody: string;
  readonly event: string;
  readonly data: { readonly recording_id: string };
}

/** A server on a free port that takes webhooks. */
export interface WebhookReceiver {
  readonly url: string;
  readonly received: readonly ReceivedWebhook[];
  /** Resolves with the delivery of this event of a recording, now or later. */
  waitFor(event: string, recordingId: string): Promise<ReceivedWebhook>;
  close(): Promise<void>;
}

/**
 * Starts a receiver; the caller closes it.
 *
 * @param statuses - What the first deliveries are answered with; after them 204.
 */
export async function openWebhookReceiver(...statuses: number[]): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const rawBody = await text(request);
    const timestamp = String(request.headers["x-audian-timestamp"]);
    const signature = String(request.headers["x-audian-signature"]);
    received.push({ timestamp, signature, rawBody, ...JSON.parse(rawBody) });
    response.writeHead(statuses.shift() ?? 204).end();
    for (const look of waiting) look();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    waitFor: (event, recordingId) =>
      new Promise((resolve) => {
        const look = () => {
          const found = received.find(
            (webhook) => webhook.event === event && webhook.data.recording_id === recordingId,
          );
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
