import type { FastifyInstance, FastifyRequest } from "fastify";
import { toCredential } from "../credentials.ts";

/** The words of refused requests [K]. */
const REFUSALS = {
  bad_identifier: 404,
  faulty_request: 400,
  invalid_credentials: 401,
  invalid_method: 405,
  rate_limit_exceeded: 429,
} as const;

/** A request to the account's listing that is refused, answered by {@link answerWithEnvelopes}. */
export class AccountError extends Error {
  readonly error: keyof typeof REFUSALS;
  /** What the vendor repeats of the request in its answer, a wrong key too. */
  readonly cited: string | undefined;

  constructor(error: keyof typeof REFUSALS, cited?: string) {
    super(error);
    this.name = "AccountError";
    this.error = error;
    this.cited = cited;
  }
}

/**
 * Wraps what is answered. Every reply repeats the token that the request carried [K], so that a client which stores
 * raw replies stores secrets.
 */
export function toEnvelope(request: FastifyRequest, data: unknown, others: Readonly<Record<string, unknown>> = {}) {
  const auth_token = toCredential(request.headers);
  return { auth_token, data, request_id: request.id, revision: "automatic", status: "success", ...others };
}

/** Makes a server answer every failure in the vendor's envelope, without Retry-After. */
export function answerWithEnvelopes(server: FastifyInstance): void {
  server.setErrorHandler(async (error, request, reply) => {
    const refusal = error instanceof AccountError ? error : undefined;
    const isOurs = !(error instanceof Error && "statusCode" in error && Number(error.statusCode) < 500);
    const word = refusal?.error ?? (isOurs ? "internal_error" : "faulty_request");
    const code = refusal === undefined ? (isOurs ? 500 : 400) : REFUSALS[refusal.error];
    const data = { message: word.replaceAll("_", " "), cause: refusal?.cited };
    const failure = { status: "error", error: String(code), message: word };
    return reply.code(code).send(toEnvelope(request, data, failure));
  });
}
