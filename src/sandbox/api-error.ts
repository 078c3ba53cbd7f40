import type { FastifyInstance } from "fastify";

/** The words of refused requests: the three of the page, and ours for what it does not show. */
const REFUSALS = {
  quota_exceeded: { status: 429, message: "Recording storage quota exceeded" },
  not_found: { status: 404, message: "Recording not found" },
  invalid_format: { status: 400, message: "Recording format is not supported" },
  invalid_state: { status: 400, message: "Recording cannot change to that state" },
  invalid_request: { status: 400, message: "Request is not valid" },
  unauthorized: { status: 401, message: "API key is missing or wrong" },
  forbidden: { status: 403, message: "Download link has expired" },
} as const;

/**
 * A request that the API refuses, thrown by routes and turned into `{error, message, code}`.
 *
 * @see Vendor API page, "Error Handling"; the other words are ours
 */
export class ApiError extends Error {
  readonly error: keyof typeof REFUSALS;
  readonly statusCode: number;

  constructor(error: keyof typeof REFUSALS, options: ErrorOptions & { readonly message?: string } = {}) {
    super(options.message ?? REFUSALS[error].message, options);
    this.name = "ApiError";
    this.error = error;
    this.statusCode = REFUSALS[error].status;
  }
}

/** Makes a server answer every failure with the documented body. Nothing of the request is repeated in it. */
export function answerWithApiErrors(server: FastifyInstance): void {
  server.setErrorHandler(async (error, _request, reply) => {
    const refusal = toApiError(error);
    if (refusal === undefined) {
      const message = error instanceof Error ? error.message : "The sandbox failed";
      return reply.code(500).send({ error: "internal_error", message, code: 500 });
    }
    return reply
      .code(refusal.statusCode)
      .send({ error: refusal.error, message: refusal.message, code: refusal.statusCode });
  });
  server.setNotFoundHandler(() => {
    throw new ApiError("not_found", { message: "There is no such path" });
  });
}

/** Fastify's own refusals (no JSON, too large …) carry a status; what carries none is a failure of ours. */
function toApiError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  const isRefusal = error instanceof Error && "statusCode" in error && Number(error.statusCode) < 500;
  return isRefusal ? new ApiError("invalid_request", { cause: error }) : undefined;
}
