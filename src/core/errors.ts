/** Every public error code. Codes are added, never renamed; `docs/errors.md` describes each. */
export const ERROR_CODES = [
  "ANCHOR_INVALID",
  "ARCHIVE_INVALID",
  "ARCHIVE_NOT_FOUND",
  "ARCHIVE_CONFLICT",
  "CATALOGUE_INVALID",
  "CATALOGUE_LOCKED",
  "CONFIG_INVALID",
  "CONTAINER_INVALID",
  "CONTAINER_UNSUPPORTED",
  "DIGEST_MISMATCH",
  "ENCRYPTION_KEY_COMMAND_FAILED",
  "ENCRYPTION_KEY_DESTROYED",
  "ENCRYPTION_KEY_INVALID",
  "ENCRYPTION_KEY_MISMATCH",
  "ENCRYPTION_KEY_MISSING",
  "ENCRYPTION_TAMPERED",
  "EXPORT_UNVERIFIED",
  "HOLD_PREVENTS_CHANGE",
  "INPUT_LIST_INVALID",
  "INPUT_NOT_FOUND",
  "LEDGER_BROKEN",
  "LOAD_FILE_INVALID",
  "LOAD_FILE_UNWRITABLE",
  "MEDIA_FFMPEG_DIFFERS",
  "MEDIA_FFMPEG_FAILED",
  "MEDIA_FFMPEG_NOT_FOUND",
  "MEDIA_LOOKS_DAMAGED",
  "MEDIA_LOSSY_REFUSED",
  "MEDIA_NOT_AUDIO",
  "MEDIA_OUTPUT_EXISTS",
  "MEDIA_OUTPUT_INVALID",
  "MEDIA_PARTICIPANT_UNKNOWN",
  "MEDIA_SANDBOX_MISSING",
  "MEDIA_SOURCE_CHANGED",
  "MEDIA_UNSUPPORTED",
  "NAME_UNSAFE",
  "NOTHING_TO_DO",
  "POLICY_REFUSED",
  "PROFILE_INVALID",
  "RECORDING_REMOVED",
  "RECORD_NOT_FOUND",
  "SEAL_INCOMPLETE",
  "SIDECAR_INVALID",
  "SIGNING_KEY_INVALID",
  "SIZE_LIMIT_EXCEEDED",
  "SIZE_MISMATCH",
  "STORAGE_CONFLICT",
  "STORAGE_FULL",
  "STORAGE_NOT_FOUND",
  "STORAGE_UNAVAILABLE",
  "TIMESTAMP_FAILED",
  "TIMESTAMP_INVALID",
  "TIMESTAMP_TRUST_INVALID",
  "USAGE",
  "VENDOR_BAD_REQUEST",
  "VENDOR_INVALID_FORMAT",
  "VENDOR_LIST_INCOMPLETE",
  "VENDOR_NOT_FOUND",
  "VENDOR_NOT_READY",
  "VENDOR_QUOTA_EXCEEDED",
  "VENDOR_RATE_LIMITED",
  "VENDOR_REDIRECT_REFUSED",
  "VENDOR_RESPONSE_INVALID",
  "VENDOR_UNAUTHORIZED",
  "VENDOR_UNAVAILABLE",
  "VENDOR_UNSUPPORTED",
  "WEBHOOK_INVALID",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

const BRAND = Symbol.for("holdfast.error");

/** Options of every {@link HoldfastError}: the native `cause` and what to try next. */
export interface HoldfastErrorOptions extends ErrorOptions {
  /** One sentence that tells the person what to do next. */
  readonly hint?: string;
}

/**
 * An operation that could not be done. Subclasses live in `<module>/errors.ts`, one for each
 * thing a caller can act on differently, and carry what happened as data.
 */
export abstract class HoldfastError<C extends ErrorCode = ErrorCode> extends Error {
  abstract readonly code: C;
  /** Whether the same call may succeed later without anything being changed. */
  readonly retryable: boolean = false;
  /** One sentence that tells the person what to do next, when there is one. */
  readonly hint: string | undefined;
  /** @internal */
  readonly [BRAND] = true;

  constructor(message: string, options: HoldfastErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.hint = options.hint;
  }

  /** Returns what a report may hold: no stack, no cause. */
  toJSON(): { code: C; message: string; retryable: boolean } {
    return { code: this.code, message: this.message, retryable: this.retryable };
  }
}

/** Tells a {@link HoldfastError} from a bug, also across copies of this package. */
export function isHoldfastError(error: unknown): error is HoldfastError {
  return typeof error === "object" && error !== null && BRAND in error;
}

/** A {@link HoldfastError} as plain data, with its own fields beside the common ones. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly hint: string | undefined;
  /** What the class adds: `status`, `retryAfterMs` … */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** An error of another thread. It has the fields of the error that it stands for, but is of no class of its own. */
export class CarriedError extends HoldfastError {
  readonly code: ErrorCode;
  override readonly retryable: boolean;

  constructor({ code, message, retryable, hint, fields }: ErrorRecord) {
    super(message, hint === undefined ? {} : { hint });
    this.code = code;
    this.retryable = retryable;
    Object.assign(this, fields);
  }
}

/** Writes an error for another thread; its cause and its stack stay behind. */
export function toErrorRecord(error: HoldfastError): ErrorRecord {
  const { code, message, retryable, hint, cause: _cause, stack: _stack, ...fields } = error;
  return { code, message, retryable, hint, fields };
}

/** A digest differs from the one that was promised while bytes were being stored; nothing was kept. */
export class DigestMismatchError extends HoldfastError<"DIGEST_MISMATCH"> {
  readonly code = "DIGEST_MISMATCH";
  readonly subject: string;
  readonly expected: string;
  readonly found: string;

  constructor(mismatch: { subject: string; expected: string; found: string }) {
    super(`sha256 differs for ${mismatch.subject}: expected ${mismatch.expected}, found ${mismatch.found}`);
    this.subject = mismatch.subject;
    this.expected = mismatch.expected;
    this.found = mismatch.found;
  }
}

/** The number of bytes differs from the one that was promised; nothing was kept. */
export class SizeMismatchError extends HoldfastError<"SIZE_MISMATCH"> {
  readonly code = "SIZE_MISMATCH";
  override readonly retryable = true;
  readonly expectedBytes: number;
  readonly foundBytes: number;

  constructor(subject: string, expectedBytes: number, foundBytes: number) {
    super(`size differs for ${subject}: expected ${expectedBytes} bytes, received ${foundBytes}`, {
      hint: "if the vendor states the size wrongly, --max-file-size lets the bytes come, for quarantine at least",
    });
    this.expectedBytes = expectedBytes;
    this.foundBytes = foundBytes;
  }
}

/** A recording is longer than is allowed; nothing was kept. */
export class SizeLimitError extends HoldfastError<"SIZE_LIMIT_EXCEEDED"> {
  readonly code = "SIZE_LIMIT_EXCEEDED";

  constructor(subject: string, limitBytes: number) {
    super(`longer than the ${limitBytes} bytes that are allowed: ${subject}`, { hint: "raise --max-file-size" });
  }
}

/** An outside name cannot become a file name. */
export class UnsafeNameError extends HoldfastError<"NAME_UNSAFE"> {
  readonly code = "NAME_UNSAFE";
}

/** A conversion was asked for that no documented profile allows. */
export class ProfileError extends HoldfastError<"PROFILE_INVALID"> {
  readonly code = "PROFILE_INVALID";
}

/** A command was given nothing to work on, which is never a success. */
export class NothingToDoError extends HoldfastError<"NOTHING_TO_DO"> {
  readonly code = "NOTHING_TO_DO";
}

/** Reaches a place the types call impossible: a bug, shown with its stack. */
export function assertNever(value: never): never {
  throw new Error(`internal error: unexpected value ${JSON.stringify(value)}`);
}
