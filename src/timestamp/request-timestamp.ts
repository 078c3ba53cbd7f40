import type { Clock } from "../core/clock.ts";
import { decodeResponse } from "./decode-response.ts";
import { TimestampFailedError, TimestampInvalidError } from "./errors.ts";
import { postQuery } from "./post-query.ts";
import { makeTimestampRequest } from "./timestamp-request.ts";
import type { TrustedCertificates } from "./trusted-certificates.ts";
import { MAX_RESPONSE_BYTES, type VerifiedTimestamp, verifyTimestamp } from "./verify-timestamp.ts";

/** A time stamp as it came, and what was checked of it. */
export interface TimestampToken extends VerifiedTimestamp {
  /** The whole answer: what `openssl ts -verify -in` reads. */
  readonly response: Buffer;
  /** The time stamp in it: what `openssl ts -verify -token_in -in` reads. */
  readonly token: Buffer;
}

/** What a request for a time stamp needs. */
export interface RequestTimestampOptions {
  /** For the whole exchange. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Where the chain of certificates must end. @default the chain is not checked */
  readonly trusted?: TrustedCertificates | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Has a time stamping authority stamp the SHA-256 of `data`, and verifies what comes back before it is given out.
 *
 * @param url - The authority's address, http or https: the answer proves itself.
 * @throws {TimestampFailedError} it could not be reached or did not grant one.
 * @throws {TimestampInvalidError} what came back is no time stamp of this data and this request.
 * @see RFC 3161 section 3.4
 */
export async function requestTimestamp(
  url: string,
  data: Uint8Array,
  { timeoutMs, clock, trusted, signal }: RequestTimestampOptions,
): Promise<TimestampToken> {
  const address = parseAuthorityAddress(url);
  const { der, nonce } = makeTimestampRequest(data);
  const response = await postQuery(address, der, { timeoutMs, maxBytes: MAX_RESPONSE_BYTES, signal });
  const token = toToken(response, address.host);
  const verdict = verifyTimestamp(response, data, { trusted, nonce, nowMs: clock.now() });
  if ("problem" in verdict) throw new TimestampInvalidError(address.host, verdict.problem);
  return { ...verdict, response, token };
}

/**
 * Reads the address of a time stamping authority.
 *
 * @throws {TimestampFailedError} it is none of http or https.
 */
export function parseAuthorityAddress(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address !== undefined && ["http:", "https:"].includes(address.protocol)) return address;
  throw new TimestampFailedError("its address", "it begins with neither http:// nor https://");
}

/** The bits of PKIFailureInfo that an authority may set. @see RFC 3161 section 2.4.2 */
const FAILURES: Readonly<Record<number, string>> = {
  0: "it does not know the algorithm",
  2: "it does not allow the request",
  5: "it could not read the request",
  14: "its clock is not available",
  15: "it does not support the policy",
  16: "it does not support the extension",
  17: "it does not know what was asked for",
  25: "it failed",
};
const PASSING_FAILURES = [14, 25];
const WAITING = 3;

function toToken(response: Buffer, host: string): Buffer {
  const decoded = decodeResponse(response);
  if ("problem" in decoded) throw new TimestampInvalidError(host, decoded.problem);
  const { status, failures, token } = decoded;
  if (status <= 1 && token !== undefined) return token.der;
  const reasons = failures.map((bit) => FAILURES[bit] ?? `reason ${bit}`).join(", ");
  throw new TimestampFailedError(host, `not granted${reasons === "" ? "" : `: ${reasons}`}`, {
    retryable: status === WAITING || failures.some((bit) => PASSING_FAILURES.includes(bit)),
  });
}
