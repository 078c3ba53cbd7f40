import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Clock } from "../../core/clock.ts";
import { toRecordingId } from "../account/account-recording-id.ts";
import { asksForAudio } from "../account/asks-for-audio.ts";
import type { Exchange, Origins, Payload } from "./exchange.ts";
import { type FaultKind, type FaultPlace, type HttpFaultKind, rulesOf } from "./fault-kinds.ts";
import type { FaultPlan, Occasion } from "./fault-plan.ts";
import { HTTP_FAULTS } from "./http-faults.ts";

/** What adding faults takes. */
export interface FaultPorts {
  readonly plan: FaultPlan;
  readonly clock: Clock;
  /** Returns where the other servers are; called while serving. */
  readonly origins: () => Origins;
}

interface RouteParams {
  readonly recordingId?: string;
  readonly fileName?: string;
}

/** The routes that faults strike. */
const PLACES: Readonly<Record<string, FaultPlace>> = {
  "/v2/recordings": "list",
  "/v2/recordings/:recordingId": "recording",
  "/v2/recordings/:recordingId/download": "download",
  "/v2/accounts/:accountId/recordings": "list",
  "/v2/accounts/:accountId/recordings/:recordingId": "recording",
  "/:token/:fileName": "media",
};

/**
 * Lets the faults of a plan befall what a server is asked for. To be called before the routes are added, so that
 * a fault comes before the check of the key.
 */
export function addFaults(server: FastifyInstance, { plan, clock, origins }: FaultPorts): void {
  const exchanges = new WeakMap<FastifyRequest, Exchange>();

  server.addHook("onRequest", async (request, reply) => {
    const occasion = tryToOccasion(request);
    const drawn = occasion && plan.draw(occasion);
    if (drawn === undefined) return undefined;
    const exchange: Exchange = { request, reply, drawn, origins: origins(), clock };
    const fault = toHttpFault(drawn.fault.kind);
    if ("send" in fault) exchanges.set(request, exchange);
    else if ("answer" in fault || fault.ask(exchange)) plan.strike(drawn);
    return "answer" in fault ? fault.answer(exchange) : undefined;
  });

  server.addHook<Payload>("onSend", async (request, reply, payload) => {
    const exchange = exchanges.get(request);
    // What is refused anyway has no body worth a fault.
    if (exchange === undefined || reply.statusCode >= 400) return payload;
    const fault = toHttpFault(exchange.drawn.fault.kind);
    const sent = "send" in fault ? fault.send(exchange, payload) : undefined;
    if (sent === undefined) return payload;
    plan.strike(exchange.drawn);
    return sent.payload;
  });
}

/** Adds what the faulty links of {@link addFaults} lead to. */
export function addFaultyLinks(server: FastifyInstance): void {
  server.get<{ Params: { status: "403" | "410" } }>("/expired/:status", async ({ params }, reply) => {
    const code = Number(params.status);
    return reply.code(code).send({ error: "expired", message: "Download link has expired", code });
  });
  server.get<{ Params: { step: string } }>("/loop/:step", async ({ params }, reply) =>
    reply.redirect(`/loop/${params.step === "1" ? "2" : "1"}`, 302),
  );
}

function tryToOccasion(request: FastifyRequest): Occasion | undefined {
  const { url: route = "" } = request.routeOptions;
  const place = PLACES[route];
  if (place === undefined || request.method !== "GET") return undefined;
  const recordingId = tryToRecordingId(request.params as RouteParams);
  return {
    stage: "http",
    place: place === "recording" && asksForAudio(request) && route.includes("/accounts/") ? "media" : place,
    subject: recordingId ?? request.url,
    recordingId,
    hasRange: request.headers.range !== undefined,
  };
}

function tryToRecordingId({ recordingId, fileName }: RouteParams): string | undefined {
  if (fileName !== undefined) return fileName.split(".")[0];
  return recordingId === undefined ? undefined : toRecordingId(recordingId);
}

function toHttpFault(kind: FaultKind) {
  if (rulesOf(kind).stage !== "http") throw new Error(`internal error: ${kind} is no fault of an exchange`);
  return HTTP_FAULTS[kind as HttpFaultKind];
}
