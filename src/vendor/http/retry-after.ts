import type { Clock } from "../../core/clock.ts";

/**
 * Reads a `Retry-After` header, in seconds or as an HTTP date, as milliseconds from now; never negative.
 *
 * @returns undefined when there is none or it is neither.
 * @see RFC 9110 section 10.2.3
 */
export function tryParseRetryAfterMs(header: string | undefined, clock: Clock): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const epochMs = header.endsWith(" GMT") ? Date.parse(header) : Number.NaN;
  return Number.isNaN(epochMs) ? undefined : Math.max(0, epochMs - clock.now());
}
