import {
  VendorBadRequestError,
  type VendorError,
  VendorInvalidFormatError,
  VendorNotFoundError,
  VendorQuotaExceededError,
  VendorRateLimitedError,
  VendorUnauthorizedError,
  VendorUnavailableError,
} from "../errors.ts";

/** What is known of a reply with a status of 400 or more. */
export interface RefusedReply {
  readonly subject: string;
  readonly status: number;
  /** The vendor's word for what is wrong, such as `quota_exceeded`. */
  readonly reason: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** False for an address that the API has sent us on to. */
  readonly isFromApi: boolean;
}

/**
 * Turns a refusal into the error that a caller can act on. A 401, 403 or 410 of a temporary address says that the
 * address has expired, not that the key is wrong or the recording gone: asking again gives a new address.
 *
 * @see Vendor API page, "Error Handling" and "Download Recording"
 */
export function toReplyError({ subject, status, reason, retryAfterMs, isFromApi }: RefusedReply): VendorError {
  switch (status) {
    case 400:
      if (reason === "invalid_format") return new VendorInvalidFormatError(subject);
      return new VendorBadRequestError(subject, status, reason);
    case 401:
    case 403:
    case 410:
      if (!isFromApi)
        return new VendorUnavailableError(subject, `the temporary address was refused with status ${status}`);
      return status === 410 ? new VendorNotFoundError(subject) : new VendorUnauthorizedError(subject, status);
    case 404:
      return new VendorNotFoundError(subject);
    case 429:
      if (reason === "quota_exceeded") return new VendorQuotaExceededError(subject);
      return new VendorRateLimitedError(subject, retryAfterMs);
    default:
      if (status < 500 && status !== 408) return new VendorBadRequestError(subject, status, reason);
      return new VendorUnavailableError(subject, `status ${status}`, { retryAfterMs, throttled: status === 503 });
  }
}
