/** Why a request is not answered with 2xx. The vendor tries again after a 5xx only [O]. */
export const REFUSALS = {
  "signature-invalid": { status: 401, message: "the signature is missing or not the endpoint's" },
  "timestamp-outside-window": { status: 401, message: "the timestamp is no unix time in seconds near the receiver's" },
  "not-an-event": { status: 400, message: "the body is no JSON object in UTF-8" },
  "bad-request": { status: 400, message: "the request could not be read" },
  "too-large": { status: 413, message: "the body is too large for an event" },
  "not-found": { status: 404, message: "there is no such path" },
} as const;
export type RefusalReason = keyof typeof REFUSALS;

/** A request that is refused, thrown by routes and turned into `{error, message, code}`; it repeats nothing of it. */
export class Refusal extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, options: ErrorOptions = {}) {
    super(REFUSALS[reason].message, options);
    this.name = "Refusal";
    this.reason = reason;
  }
}

/** Tells what the sender did wrong; what is not the sender's fault, such as a full disk, is undefined. */
export function toRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  // Fastify's own refusals carry a status.
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  if (status === 413) return new Refusal("too-large", { cause: error });
  return status < 500 ? new Refusal("bad-request", { cause: error }) : undefined;
}
