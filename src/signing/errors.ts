import { HoldfastError } from "../core/errors.ts";

/** A key, private or public, cannot be used; the message says what it is instead, never what it holds. */
export class SigningKeyError extends HoldfastError<"SIGNING_KEY_INVALID"> {
  readonly code = "SIGNING_KEY_INVALID";
}
