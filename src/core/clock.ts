/** Where the time comes from; handed in so that tests and the sandbox can set it. */
export interface Clock {
  /** Returns the current instant in epoch milliseconds. */
  now(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** Writes an instant as ISO-8601 UTC with milliseconds, the form of every record and report. */
export function toIsoInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/**
 * Reads an ISO-8601 date or date-time as epoch milliseconds. A date alone, or a time without an
 * offset, is read as UTC, never as local time.
 *
 * @returns undefined when the text is no such instant.
 */
export function tryParseInstant(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(text);
  if (match === null) return undefined;
  const [, date = "", zone] = match;
  // Date.parse reads 31 February as 2 March.
  const day = Date.parse(date);
  if (Number.isNaN(day) || toIsoInstant(day).slice(0, 10) !== date) return undefined;
  const epochMs = Date.parse(text.length > date.length && zone === undefined ? `${text}Z` : text);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}
