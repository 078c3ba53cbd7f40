import { Agent, type Dispatcher, request } from "undici";
import type { Clock } from "../../core/clock.ts";
import type { Secret } from "../../core/secret.ts";
import { tryParseJson } from "../../core/try-parse-json.ts";
import type { VendorError } from "../errors.ts";
import { ErrorReply } from "../schema.ts";
import { findHeader } from "./find-header.ts";
import { toReplyError } from "./reply-error.ts";
import { tryParseRetryAfterMs } from "./retry-after.ts";
import type { Call } from "./transport-error.ts";
import { tryReadText } from "./try-read-text.ts";

/** How the key is sent: the page shows `X-Auth-Token` in each curl and a bearer in both code samples. */
export type AuthScheme = "token" | "bearer";

/** What an {@link HttpClient} needs; nothing has a default. */
export interface HttpClientOptions {
  /** The API's address; the key goes to its origin and to no other. */
  readonly baseUrl: string;
  readonly apiKey: Secret;
  readonly auth: AuthScheme;
  /** How long a connection, an answer, or the next bytes of a body may take. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** One request to the API or to a place that it has sent us on to. */
export interface HttpRequest extends Call {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: URL;
  readonly accept: string;
  /** Sent as JSON. */
  readonly json?: object | undefined;
}

/** An error's body is short; the rest of a longer one is not worth reading. */
const MAX_ERROR_BYTES = 64 * 1024;
const MAX_REASON_LENGTH = 40;

/** Sends requests with the key over connections that are kept alive. Follows no redirect by itself. */
export class HttpClient {
  readonly origin: string;
  readonly timeoutMs: number;
  readonly #apiKey: Secret;
  readonly #auth: AuthScheme;
  readonly #clock: Clock;
  readonly #agent: Agent;

  constructor({ baseUrl, apiKey, auth, timeoutMs, clock }: HttpClientOptions) {
    this.origin = new URL(baseUrl).origin;
    this.timeoutMs = timeoutMs;
    this.#apiKey = apiKey;
    this.#auth = auth;
    this.#clock = clock;
    this.#agent = new Agent({
      connect: { timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
  }

  /**
   * Sends a request and returns the reply before its body, which the caller reads or drops.
   *
   * Failures of the connection are thrown as undici's; the caller, who also meets them while it reads the
   * body, translates both with `toTransportError`.
   *
   * @throws {VendorError} the status is 400 or more.
   */
  async send({ method, url, accept, json, subject, signal }: HttpRequest): Promise<Dispatcher.ResponseData> {
    const isFromApi = url.origin === this.origin;
    const reply = await request(url, {
      dispatcher: this.#agent,
      method,
      headers: {
        accept,
        ...(isFromApi ? this.#keyHeader() : {}),
        ...(json === undefined ? {} : { "content-type": "application/json" }),
      },
      body: json === undefined ? null : JSON.stringify(json),
      signal: signal ?? null,
    });
    if (reply.statusCode >= 400) throw await this.#toError(reply, { subject, isFromApi });
    return reply;
  }

  /** Breaks off what is under way and closes all connections. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #keyHeader(): Record<string, string> {
    const key = this.#apiKey.reveal();
    return this.#auth === "bearer" ? { authorization: `Bearer ${key}` } : { "x-auth-token": key };
  }

  async #toError(
    reply: Dispatcher.ResponseData,
    { subject, isFromApi }: { subject: string; isFromApi: boolean },
  ): Promise<VendorError> {
    const text = await tryReadText(reply.body, MAX_ERROR_BYTES);
    return toReplyError({
      subject,
      isFromApi,
      status: reply.statusCode,
      reason: text === undefined ? undefined : this.#tryToReason(text),
      retryAfterMs: tryParseRetryAfterMs(findHeader(reply, "retry-after"), this.#clock),
    });
  }

  /** Finds the vendor's word for an error. Only a plain word that does not hold the key is let through. */
  #tryToReason(text: string): string | undefined {
    const reply = ErrorReply.safeParse(tryParseJson(text));
    if (!reply.success) return undefined;
    return [reply.data.error, reply.data.message].find(
      (word): word is string =>
        typeof word === "string" &&
        word.length <= MAX_REASON_LENGTH &&
        /^[a-z]+(?:_[a-z]+)*$/.test(word) &&
        !word.includes(this.#apiKey.reveal()),
    );
  }
}
