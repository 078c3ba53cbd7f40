import { tryParseInstant } from "../core/clock.ts";

/** Reads an instant that a schema has already checked as epoch milliseconds; anything else is a bug. */
export function parseInstant(text: string): number {
  const epochMs = tryParseInstant(text);
  if (epochMs === undefined) throw new Error(`internal error: not an instant: ${text}`);
  return epochMs;
}
