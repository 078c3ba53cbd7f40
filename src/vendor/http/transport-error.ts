import { errors } from "undici";
import { isHoldfastError } from "../../core/errors.ts";
import { VendorUnavailableError } from "../errors.ts";

/** What is under way when a connection fails. */
export interface Call {
  /** What the call is about, as errors name it: `recording rec_abc123`. */
  readonly subject: string;
  /** The caller's wish to stop. */
  readonly signal?: AbortSignal | undefined;
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  ENOTFOUND: "host not found",
  UND_ERR_BODY_TIMEOUT: "the body stalled",
  UND_ERR_CONNECT_TIMEOUT: "no connection in time",
  UND_ERR_HEADERS_TIMEOUT: "no answer in time",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "the body broke off",
  UND_ERR_SOCKET: "connection closed",
};

/** Codes that say this program has called undici or Node wrongly. */
const BUG_CODES = /^(?:UND_ERR_INVALID_ARG|UND_ERR_NOT_SUPPORTED|ERR_INVALID_.*)$/;

/**
 * Translates what undici throws. A stop that the caller asked for becomes the signal's reason; errors that
 * are already ours and bugs stay what they are.
 */
export function toTransportError(error: unknown, { subject, signal }: Call): unknown {
  if (signal?.aborted) return signal.reason;
  if (isHoldfastError(error) || !(error instanceof Error)) return error;
  if (error instanceof errors.HTTPParserError) {
    // undici keeps the bytes it could not parse on the error, and those may hold the key.
    return new VendorUnavailableError(subject, "the answer breaks off or is no HTTP", {
      cause: new Error(error.message),
    });
  }
  const problem = tryToProblem(error);
  return problem === undefined ? error : new VendorUnavailableError(subject, problem, { cause: error });
}

function tryToProblem(error: Error): string | undefined {
  if (error.name === "TimeoutError") return "no complete answer in time";
  if (!("code" in error) || typeof error.code !== "string" || BUG_CODES.test(error.code)) return undefined;
  return PROBLEMS[error.code] ?? error.code;
}
