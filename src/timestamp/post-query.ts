import { Agent, type Dispatcher, errors, request } from "undici";
import { isHoldfastError } from "../core/errors.ts";
import { TimestampFailedError, TimestampInvalidError } from "./errors.ts";

/** Where a query goes, and how long it may take. */
export interface PostOptions {
  /** For connection, answer and body together. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * undici 7 pauses its parser when a body is not taken as fast as it comes, and if the server then ends the connection, an
 * assertion ends the process (nodejs/undici#5360, mended in undici 8, which needs Node 22).
 */
const NEVER_PAUSE = 2 ** 40;

/**
 * Sends a query to a time stamping authority and returns the bytes of its reply. Follows no redirect; tries once.
 *
 * @throws {TimestampFailedError} it could not be reached or answered with an error; retryable where that may pass.
 * @throws {TimestampInvalidError} the reply is of another type or too long.
 * @see RFC 3161 section 3.4
 */
export async function postQuery(url: URL, query: Uint8Array, options: PostOptions): Promise<Buffer> {
  const { timeoutMs, maxBytes, signal } = options;
  const deadline = AbortSignal.timeout(timeoutMs);
  const agent = new Agent({ connect: { timeout: timeoutMs } });
  try {
    const reply = await request(url, {
      dispatcher: agent,
      method: "POST",
      headers: { "content-type": "application/timestamp-query", accept: "application/timestamp-reply" },
      body: query,
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      highWaterMark: NEVER_PAUSE,
    });
    checkHead(reply, url.host);
    return await readBody(reply.body, url.host, maxBytes);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw toTimestampError(error, url.host);
  } finally {
    await agent.destroy();
  }
}

/** A server that is busy or failing, in the words of RFC 9110. */
const PASSING: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

function checkHead({ statusCode, headers }: Dispatcher.ResponseData, host: string): void {
  if (statusCode !== 200) {
    const problem = `it answered with status ${statusCode}`;
    throw new TimestampFailedError(host, problem, { retryable: PASSING.has(statusCode) });
  }
  const [type] = [headers["content-type"]].flat();
  if (!/^application\/timestamp-reply\s*(?:;|$)/i.test(type ?? "")) {
    throw new TimestampInvalidError(host, "it is not of the type application/timestamp-reply");
  }
}

async function readBody(body: AsyncIterable<Uint8Array>, host: string, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw new TimestampInvalidError(host, `it is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Translates what undici and Node throw; what is ours or a bug stays what it is. */
function toTimestampError(error: unknown, host: string): unknown {
  if (isHoldfastError(error) || !(error instanceof Error)) return error;
  if (error.name === "TimeoutError") {
    return new TimestampFailedError(host, "no complete answer in time", { cause: error, retryable: true });
  }
  if (error instanceof errors.HTTPParserError) {
    return new TimestampFailedError(host, "its answer breaks off or is no HTTP", { cause: error, retryable: true });
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "" || /^(?:UND_ERR_INVALID_ARG|UND_ERR_NOT_SUPPORTED|ERR_INVALID_.*)$/.test(code)) return error;
  return new TimestampFailedError(host, `the connection failed (${code})`, { cause: error, retryable: true });
}
