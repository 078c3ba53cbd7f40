import { HoldfastError } from "../core/errors.ts";

/** What more is known of a time stamp that could not be had. */
export interface TimestampFailure extends ErrorOptions {
  /** Whether the same request may be answered later. @default false */
  readonly retryable?: boolean;
}

/** The time stamping authority could not be reached, or gave no time stamp. Messages name its host, never its whole address. */
export class TimestampFailedError extends HoldfastError<"TIMESTAMP_FAILED"> {
  readonly code = "TIMESTAMP_FAILED";
  override readonly retryable: boolean;

  constructor(host: string, problem: string, { retryable = false, ...options }: TimestampFailure = {}) {
    super(`no time stamp from ${host}: ${problem}`, options);
    this.retryable = retryable;
  }
}

/** The time stamping authority gave something that is no time stamp of what was sent; it was not kept. */
export class TimestampInvalidError extends HoldfastError<"TIMESTAMP_INVALID"> {
  readonly code = "TIMESTAMP_INVALID";

  constructor(host: string, problem: string) {
    super(`unusable time stamp from ${host}: ${problem}`);
  }
}

/** The certificates that time stamps are to be traced to cannot be used. */
export class TimestampTrustError extends HoldfastError<"TIMESTAMP_TRUST_INVALID"> {
  readonly code = "TIMESTAMP_TRUST_INVALID";

  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, hint: "name a PEM file with the certificate of the time stamping authority's root" });
  }
}
