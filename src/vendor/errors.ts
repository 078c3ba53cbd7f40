import { type ErrorCode, HoldfastError, type HoldfastErrorOptions } from "../core/errors.ts";

type VendorErrorCode = Extract<ErrorCode, `VENDOR_${string}`>;

/**
 * A call to the vendor that could not be done. Messages hold the subject of the call, never what the
 * server wrote: its replies and errors may echo the key [K].
 */
export abstract class VendorError<C extends VendorErrorCode = VendorErrorCode> extends HoldfastError<C> {}

/** The vendor's storage for recordings is full (429 `quota_exceeded`); waiting does not help. */
export class VendorQuotaExceededError extends VendorError<"VENDOR_QUOTA_EXCEEDED"> {
  readonly code = "VENDOR_QUOTA_EXCEEDED";

  constructor(subject: string) {
    super(`recording storage quota exceeded: ${subject}`, {
      hint: "Delete recordings at the vendor or ask the vendor for more storage.",
    });
  }
}

/** Too many calls in too short a time (any other 429). */
export class VendorRateLimitedError extends VendorError<"VENDOR_RATE_LIMITED"> {
  readonly code = "VENDOR_RATE_LIMITED";
  override readonly retryable = true;
  /** The vendor wants fewer calls, whatever they are about. */
  readonly throttled = true;
  /** How long the server asked to wait; undefined when it did not say, as is likely [K]. */
  readonly retryAfterMs: number | undefined;

  constructor(subject: string, retryAfterMs?: number) {
    super(`too many calls: ${subject}`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The vendor does not know it, no longer has it, or does not have it yet (404, 410). */
export class VendorNotFoundError extends VendorError<"VENDOR_NOT_FOUND"> {
  readonly code = "VENDOR_NOT_FOUND";

  constructor(subject: string) {
    super(`not found at the vendor: ${subject}`);
  }
}

/** The vendor does not record in the format that was asked for (400 `invalid_format`). */
export class VendorInvalidFormatError extends VendorError<"VENDOR_INVALID_FORMAT"> {
  readonly code = "VENDOR_INVALID_FORMAT";

  constructor(subject: string) {
    super(`recording format not supported by the vendor: ${subject}`, { hint: "Choose mp3, wav or opus." });
  }
}

/** The vendor refused the request for what it says or for the state it meets (any other 4xx). */
export class VendorBadRequestError extends VendorError<"VENDOR_BAD_REQUEST"> {
  readonly code = "VENDOR_BAD_REQUEST";
  readonly status: number;
  /** The vendor's word for the reason, such as `invalid_range`, when it gave one. */
  readonly reason: string | undefined;

  constructor(subject: string, status: number, reason?: string) {
    super(`request refused with status ${status}${reason === undefined ? "" : ` (${reason})`}: ${subject}`);
    this.status = status;
    this.reason = reason;
  }
}

/** The key was not accepted (401) or does not allow this (403). */
export class VendorUnauthorizedError extends VendorError<"VENDOR_UNAUTHORIZED"> {
  readonly code = "VENDOR_UNAUTHORIZED";
  readonly status: number;

  constructor(subject: string, status: number) {
    super(`key refused with status ${status}: ${subject}`, {
      hint: "Check the API key and whether the account sends it as a token or as a bearer.",
    });
    this.status = status;
  }
}

/** The dialect that the vendor is said to speak has no such call; nothing was asked. */
export class VendorUnsupportedError extends VendorError<"VENDOR_UNSUPPORTED"> {
  readonly code = "VENDOR_UNSUPPORTED";

  constructor(subject: string) {
    super(`not known in this dialect of the vendor's: ${subject}`, { hint: "use --dialect documented" });
  }
}

interface UnavailableOptions extends ErrorOptions {
  readonly retryAfterMs?: number | undefined;
  /** @default false */
  readonly throttled?: boolean | undefined;
}

/** The vendor could not be reached, failed or broke off: 5xx, network, timeout, an expired address. */
export class VendorUnavailableError extends VendorError<"VENDOR_UNAVAILABLE"> {
  readonly code = "VENDOR_UNAVAILABLE";
  override readonly retryable = true;
  /** How long the server asked to wait; undefined when it did not say. */
  readonly retryAfterMs: number | undefined;
  /** Whether the vendor said that it has too much to do (503). */
  readonly throttled: boolean;

  constructor(subject: string, problem: string, options: UnavailableOptions = {}) {
    super(`vendor unavailable for ${subject}: ${problem}`, options);
    this.retryAfterMs = options.retryAfterMs;
    this.throttled = options.throttled ?? false;
  }
}

/** The vendor answered with something that its page does not describe. */
export class VendorResponseError extends VendorError<"VENDOR_RESPONSE_INVALID"> {
  readonly code = "VENDOR_RESPONSE_INVALID";

  constructor(subject: string, problem: string, options: HoldfastErrorOptions = {}) {
    super(`unusable reply for ${subject}: ${problem}`, options);
  }
}

/** What a list gave, and what it should have given. */
export interface ListCounts {
  readonly foundCount: number;
  /** What the vendor counts, when it tells. */
  readonly expectedCount?: number | undefined;
  /** Rows that are not of the documented form. @default 0 */
  readonly unreadable?: number;
}

function toListProblem({ foundCount, expectedCount, unreadable }: ListCounts): string {
  if (unreadable !== 0) return `the list gave ${foundCount} recordings, and rows that cannot be read: ${unreadable}`;
  if (expectedCount !== undefined && expectedCount > foundCount) {
    return `the vendor counts ${expectedCount} recordings, but its list gave ${foundCount}`;
  }
  return `the list gave ${foundCount} recordings, but changed too much to tell whether that is all`;
}

/**
 * The list could not be had whole: the vendor counts more recordings than its pages gave, or its pages did not join,
 * however often they were read. What the pages gave is known; that there is no more is not.
 */
export class VendorListIncompleteError extends VendorError<"VENDOR_LIST_INCOMPLETE"> {
  readonly code = "VENDOR_LIST_INCOMPLETE";
  override readonly retryable = true;
  /** What the vendor counts; undefined when it does not tell. */
  readonly expectedCount: number | undefined;
  readonly foundCount: number;

  constructor({ foundCount, expectedCount, unreadable = 0 }: ListCounts) {
    super(toListProblem({ foundCount, expectedCount, unreadable }), {
      hint: "run the command again; recordings that the list leaves out can be named with --ids",
    });
    this.expectedCount = expectedCount;
    this.foundCount = foundCount;
  }
}

/** The server sent us on to a place that we do not go to. */
export class VendorRedirectError extends VendorError<"VENDOR_REDIRECT_REFUSED"> {
  readonly code = "VENDOR_REDIRECT_REFUSED";

  constructor(subject: string, problem: string, options: HoldfastErrorOptions = {}) {
    super(`redirect refused for ${subject}: ${problem}`, options);
  }
}

/** A webhook or a line of an event file is malformed. */
export class WebhookInvalidError extends HoldfastError<"WEBHOOK_INVALID"> {
  readonly code = "WEBHOOK_INVALID";

  /** @param where - What was read: `webhook body`, `line 3`. */
  constructor(where: string, problem: string, options: HoldfastErrorOptions = {}) {
    super(`${where} is no valid webhook event: ${problem}`, options);
  }
}

/** An event of a kind that the vendor's page does not have: nothing is wrong with it, but nobody here can read it. */
export class WebhookKindError extends WebhookInvalidError {}

/** A webhook or a line of an event file is not signed with the secret: whatever it says, the vendor did not say it. */
export class WebhookSignatureError extends WebhookInvalidError {
  constructor(where: string) {
    super(where, "the signature does not match");
  }
}
