import type { z } from "zod";
import { ApiError } from "./api-error.ts";

/** What makes a wrong request one of a format that is not supported. */
const FORMAT_FIELDS: readonly (PropertyKey | undefined)[] = ["format", "bitrate", "sample_rate"];

/**
 * Checks the body or query of a request.
 *
 * @throws {ApiError} it does not fit; the message names the field and not its content.
 */
export function readRequest<T>(schema: z.ZodType<T>, value: unknown): T {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const cause = checked.error;
  const path = checked.error.issues[0]?.path ?? [];
  if (FORMAT_FIELDS.includes(path.at(-1))) throw new ApiError("invalid_format", { cause });
  throw new ApiError("invalid_request", { message: `Request is not valid: ${path.join(".") || "body"}`, cause });
}
