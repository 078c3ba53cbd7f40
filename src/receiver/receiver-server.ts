import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { SIGNATURE_HEADER, TIMESTAMP_HEADER } from "../vendor/webhook-signature.ts";
import type { ArrivedDelivery } from "./check-delivery.ts";
import { type DeliveryPorts, receiveDelivery } from "./receive-delivery.ts";
import { REFUSALS, Refusal, toRefusal } from "./refusal.ts";

/** Where the vendor sends to. */
export const WEBHOOK_PATH = "/webhooks/audian";

/** The page's events have about 500 bytes. */
const MAX_BODY_BYTES = 1 << 20;

/** The vendor waits 30 s for an answer [O]: what takes longer to arrive is given up on both sides. */
const REQUEST_TIMEOUT_MS = 30_000;

/** Makes the receiver's server, which does not listen yet. Bodies stay the bytes that were sent. */
export function createReceiverServer(ports: DeliveryPorts): FastifyInstance {
  const server = Fastify({ bodyLimit: MAX_BODY_BYTES, requestTimeout: REQUEST_TIMEOUT_MS, exposeHeadRoutes: false });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, async (_request: FastifyRequest, body: Buffer) => body);
  server.addHook("onSend", async (_request, reply) => {
    // A connection that is kept alive after the last answer would hold up the closing.
    if (!server.server.listening) reply.header("Connection", "close");
  });
  answerErrors(server, ports);
  server.get("/health", async () => ({ status: "ok" }));
  server.post(WEBHOOK_PATH, async (request) => ({ status: await receiveDelivery(toDelivery(request), ports) }));
  return server;
}

function answerErrors(server: FastifyInstance, { tally, onFailure }: DeliveryPorts): void {
  server.setNotFoundHandler(() => {
    throw new Refusal("not-found");
  });
  server.setErrorHandler(async (error, _request, reply) => {
    const refusal = toRefusal(error);
    if (refusal === undefined) {
      tally.failed += 1;
      onFailure(error);
      return reply.code(503).send({ error: "not-stored", message: "the delivery could not be stored", code: 503 });
    }
    const { reason, message } = refusal;
    const { status } = REFUSALS[reason];
    tally.refused[reason] += 1;
    return reply.code(status).send({ error: reason, message, code: status });
  });
}

function toDelivery({ headers, body }: FastifyRequest): ArrivedDelivery {
  return {
    timestamp: toText(headers[TIMESTAMP_HEADER.toLowerCase()]),
    signature: toText(headers[SIGNATURE_HEADER.toLowerCase()]),
    rawBody: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
  };
}

function toText(header: string | readonly string[] | undefined): string {
  return typeof header === "string" ? header : "";
}
