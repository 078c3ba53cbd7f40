import { isRetryable, type RetryOptions, retry } from "../async/retry.ts";
import { isHoldfastError } from "../core/errors.ts";
import type { CallOptions } from "../vendor/recording-source.ts";

/** How each call to the vendor is made. */
export type VendorCall = NonNullable<CallOptions["call"]>;

/** How a question is asked, and how patiently. */
export interface AskOptions {
  readonly retry: Omit<RetryOptions, "signal">;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks the vendor a question, and again when that may help: also when a page, or nothing, came in place of an answer, which
 * is what a server in trouble sends.
 */
export function askVendor<T>(question: () => Promise<T>, { retry: patience, signal }: AskOptions): Promise<T> {
  return retry(question, { ...patience, signal, isWorthwhile: mayBeAnswered });
}

function mayBeAnswered(error: unknown): boolean {
  return isRetryable(error) || (isHoldfastError(error) && error.code === "VENDOR_RESPONSE_INVALID");
}
