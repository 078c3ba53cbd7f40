import { Agent, type Dispatcher, request } from "undici";
import type { Clock } from "../../core/clock.ts";
import { tryParseJson } from "../../core/try-parse-json.ts";
import type { VendorError } from "../errors.ts";
import type { Headers } from "./credential.ts";
import { findHeader } from "./find-header.ts";
import { HostGuard, type HostGuardOptions } from "./host-guard.ts";
import { toReplyError } from "./reply-error.ts";
import { tryParseRetryAfterMs } from "./retry-after.ts";
import type { Call } from "./transport-error.ts";
import { tryReadText } from "./try-read-text.ts";

/** What an {@link HttpTransport} needs. */
export interface HttpTransportOptions extends HostGuardOptions {
  /** How long a connection, an answer, or the next bytes of a body may take. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** One request to the API or to a place that it has sent us on to. */
export interface HttpRequest extends Call {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: URL;
  readonly headers: Headers;
  /** Sent as JSON. */
  readonly json?: object | undefined;
  /** Whether the API has sent us on to this address: then what is refused is the address and not the key. */
  readonly isTemporary?: boolean | undefined;
  /** Statuses from 400 on that are an answer to the caller and no error. */
  readonly answers?: readonly number[];
  /** Whether the connection is closed behind the answer, so that the next request has to take another one. */
  readonly closes?: boolean | undefined;
}

/** Sends requests and gives the reply before its body, which the caller reads or drops. */
export type Send = (request: HttpRequest) => Promise<Dispatcher.ResponseData>;

/** An error's body is short; the rest of a longer one is not worth reading. */
const MAX_ERROR_BYTES = 64 * 1024;
const MAX_REASON_LENGTH = 40;

/**
 * undici 7 pauses its parser when a body is not taken as fast as it comes, and if the server then ends the connection, an
 * assertion ends the process (nodejs/undici#5360, mended in undici 8, which needs Node 22). Readers of bodies take what has
 * come before they return to the event loop, so nothing piles up.
 */
const NEVER_PAUSE = 2 ** 40;

/** Sends requests over connections that are kept alive. Follows no redirect and adds no key by itself. */
export class HttpTransport {
  readonly origin: string;
  readonly timeoutMs: number;
  readonly #clock: Clock;
  readonly #guard: HostGuard;
  readonly #agent: Agent;

  constructor({ timeoutMs, clock, ...hosts }: HttpTransportOptions) {
    this.origin = new URL(hosts.baseUrl).origin;
    this.timeoutMs = timeoutMs;
    this.#clock = clock;
    this.#guard = new HostGuard(hosts);
    this.#agent = new Agent({
      connect: { timeout: timeoutMs, lookup: this.#guard.lookup },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
  }

  /**
   * Sends a request and returns the reply before its body.
   *
   * Failures of the connection are thrown as undici's; the caller, who also meets them while it reads the
   * body, translates both with `toTransportError`.
   *
   * @throws {VendorError} the status is 400 or more and not one of `answers`.
   * @throws {VendorRedirectError} the host is in a private network and must not be.
   */
  readonly send: Send = async (sent) => {
    const { method, url, headers, json, subject, signal, answers = [], closes = false } = sent;
    this.#guard.check(url, subject);
    const reply = await request(url, {
      dispatcher: this.#agent,
      method,
      headers: { ...headers, ...(json === undefined ? {} : { "content-type": "application/json" }) },
      body: json === undefined ? null : JSON.stringify(json),
      signal: signal ?? null,
      reset: closes,
      highWaterMark: NEVER_PAUSE,
    });
    if (reply.statusCode >= 400 && !answers.includes(reply.statusCode)) throw await this.#toError(reply, sent);
    return reply;
  };

  /** Breaks off what is under way and closes all connections. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #toError(reply: Dispatcher.ResponseData, sent: HttpRequest): Promise<VendorError> {
    const { subject, url, isTemporary } = sent;
    const text = await tryReadText(reply.body, MAX_ERROR_BYTES);
    return toReplyError({
      subject,
      // The key was sent there, wherever on the API's own origin it is.
      isFromApi: url.origin === this.origin && (!isTemporary || reply.statusCode === 401),
      status: reply.statusCode,
      reason: text === undefined ? undefined : tryToReason(text, sent),
      retryAfterMs: tryParseRetryAfterMs(findHeader(reply, "retry-after"), this.#clock),
    });
  }
}

/**
 * Finds the vendor's word for an error. Only a plain word that has nothing of the key is let through. The page has it in
 * `error`; the envelope has a status there and a word in `message` [O].
 *
 * @see Vendor API page, "Error Handling"
 */
function tryToReason(text: string, { headers, json }: HttpRequest): string | undefined {
  const reply = tryParseJson(text);
  if (typeof reply !== "object" || reply === null) return undefined;
  const words = ["error" in reply ? reply.error : undefined, "message" in reply ? reply.message : undefined];
  // The key is in a header, or in the body of a sign-in.
  const sent = [...Object.values(headers).flatMap((value) => value.split(" ")), JSON.stringify(json) ?? ""];
  return words.find(
    (word): word is string =>
      typeof word === "string" &&
      word.length <= MAX_REASON_LENGTH &&
      /^[a-z]+(?:_[a-z]+)*$/.test(word) &&
      !sent.some((part) => part.includes(word) || (part !== "" && word.includes(part))),
  );
}
