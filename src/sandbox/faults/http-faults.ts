import { Readable } from "node:stream";
import { type BreakOff, breakOffAfter } from "./break-off.ts";
import { type Exchange, type Payload, toChunks, toSizeBytes } from "./exchange.ts";
import type { HttpFaultKind } from "./fault-kinds.ts";
import { type Chunks, dripBytes, flipBytes, takeBytes } from "./faulty-bytes.ts";
import { type Answer, answerOk, answerStatus } from "./http-answers.ts";

/** How a kind acts on an exchange, at one of three moments. */
export type HttpFault =
  | { readonly answer: Answer }
  /** Changes the request before its route sees it; returns whether there was something to change. */
  | { readonly ask: (exchange: Exchange) => boolean }
  /** Changes the head or the body of the answer; `undefined` when there is nothing to change. */
  | { readonly send: (exchange: Exchange, payload: Payload) => { readonly payload: Payload } | undefined };

const DRIP_BYTES_PER_SECOND = 50_000;
const MISSING_BYTES = 1000;
const OTHER_DIGEST = Buffer.alloc(32, "holdfast").toString("base64");

/** How each kind acts. */
export const HTTP_FAULTS: Readonly<Record<HttpFaultKind, HttpFault>> = {
  reset: { send: breakOff("reset") },
  stall: { send: breakOff("stall") },
  cut: { send: breakOff("cut") },
  drip: { send: ({ drawn }, body) => stream(dripBytes(toChunks(body), drawn.fault.amount ?? DRIP_BYTES_PER_SECOND)) },
  short: { send: (exchange, body) => shorten(exchange, body, "stated") },
  "short-chunked": { send: (exchange, body) => shorten(exchange, body, "unstated") },
  flip: { send: flip },
  json: { answer: answerOk("application/json", '{"error":"not_ready","message":"Try again later","code":404}') },
  html: { answer: answerOk("text/html", "<!DOCTYPE html><title>Sign in</title><p>Please sign in.</p>") },
  empty: { answer: answerOk("text/plain", "") },
  "401": { answer: answerStatus(401, "unauthorized") },
  "403": { answer: answerStatus(403, "forbidden") },
  "404": { answer: answerStatus(404, "not_found") },
  "410": { answer: answerStatus(410, "gone") },
  "429": { answer: answerStatus(429, "too_many_requests") },
  "500": { answer: answerStatus(500, "internal_error") },
  "503": { answer: answerStatus(503, "unavailable") },
  "ignore-range": { ask: askForAll },
  "range-start": { ask: askFromElsewhere },
  "range-total": { send: stateOtherTotal },
  "empty-range": { send: emptyRange },
  "wrong-digest": { send: setHeader("Repr-Digest", () => `sha-256=:${OTHER_DIGEST}:`) },
  "expired-403": { send: sendTo(({ storage }) => `${storage}/expired/403`) },
  "expired-410": { send: sendTo(({ storage }) => `${storage}/expired/410`) },
  "other-host": { send: sendTo(({ storage, otherHost }, link) => link.replace(storage, otherHost)) },
  "redirect-loop": { send: sendTo(({ storage }) => `${storage}/loop/1`) },
  "redirect-file": { send: sendTo(() => "file:///etc/passwd") },
  "redirect-ftp": { send: sendTo(() => "ftp://127.0.0.1/recording") },
};

function stream(chunks: Chunks): { payload: Payload } {
  return { payload: Readable.from(chunks, { objectMode: false }) };
}

function breakOff(by: BreakOff) {
  return (exchange: Exchange, payload: Payload) => {
    const { drawn, reply } = exchange;
    const sizeBytes = toSizeBytes(exchange, payload);
    const lastByte = Math.max(sizeBytes - 1, 0);
    const byte = Math.min(drawn.fault.amount ?? drawn.random.between(0, lastByte), lastByte);
    reply.header("Content-Length", sizeBytes);
    return stream(breakOffAfter(toChunks(payload), { byte, by, response: reply.raw }));
  };
}

function shorten(exchange: Exchange, payload: Payload, length: "stated" | "unstated") {
  const { drawn, reply } = exchange;
  const sizeBytes = toSizeBytes(exchange, payload);
  if (sizeBytes === 0) return undefined;
  const kept = Math.max(sizeBytes - (drawn.fault.amount ?? MISSING_BYTES), 0);
  if (length === "stated") reply.header("Content-Length", kept);
  else reply.removeHeader("Content-Length");
  return stream(takeBytes(toChunks(payload), kept));
}

/** What is always flipped is flipped at the same places of the file, whichever part of it is sent. */
function flip(exchange: Exchange, payload: Payload) {
  const { drawn, reply } = exchange;
  const { first, sizeBytes, totalBytes } = toSpan(exchange, payload);
  if (sizeBytes === 0) return undefined;
  const isAlways = drawn.fault.repeats === "always";
  const count = Math.max(drawn.fault.amount ?? 1, 1);
  const offsets = Array.from({ length: count }, () =>
    isAlways ? drawn.random.between(0, totalBytes - 1) - first : drawn.random.between(0, sizeBytes - 1),
  ).filter((offset) => offset >= 0 && offset < sizeBytes);
  if (offsets.length === 0) return undefined;
  reply.header("Content-Length", sizeBytes);
  return stream(flipBytes(toChunks(payload), new Set(offsets)));
}

/** Returns which part of the file an answer has. */
function toSpan(exchange: Exchange, payload: Payload) {
  const sizeBytes = toSizeBytes(exchange, payload);
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(String(exchange.reply.getHeader("content-range"))) ?? [];
  return { sizeBytes, first: Number(first ?? 0), totalBytes: Number(total ?? sizeBytes) };
}

function askForAll({ request }: Exchange): boolean {
  delete request.raw.headers.range;
  return true;
}

/** Half the offset: what comes are right bytes, from a place that was not asked for. */
function askFromElsewhere({ request }: Exchange): boolean {
  const [, first = "0", last = ""] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  if (Number(first) === 0) return false;
  request.raw.headers.range = `bytes=${Math.floor(Number(first) / 2)}-${last}`;
  return true;
}

function stateOtherTotal({ reply }: Exchange, payload: Payload) {
  if (reply.statusCode !== 206) return undefined;
  const stated = String(reply.getHeader("content-range"));
  reply.header(
    "Content-Range",
    stated.replace(/\d+$/, (total) => String(Number(total) + 1)),
  );
  return { payload };
}

function emptyRange({ reply }: Exchange, payload: Payload) {
  if (reply.statusCode !== 206) return undefined;
  reply.header("Content-Length", 0);
  return stream(takeBytes(toChunks(payload), 0));
}

function setHeader(name: string, toValue: () => string) {
  return ({ reply }: Exchange, payload: Payload) => {
    reply.header(name, toValue());
    return { payload };
  };
}

function sendTo(toTarget: (origins: Exchange["origins"], link: string) => string) {
  return ({ reply, origins }: Exchange, payload: Payload) => {
    const link = reply.getHeader("location");
    if (typeof link !== "string") return undefined;
    reply.header("Location", toTarget(origins, link));
    return { payload };
  };
}
