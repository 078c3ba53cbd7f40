/** Seconds from the year 0 of the Gregorian calendar to 1970; the server behind the API counts from there [K]. */
const UNIX_EPOCH_SECONDS = 62_167_219_200;

/** Writes an instant in whole Gregorian seconds, rounded down. */
export function toGregorianSeconds(epochMs: number): number {
  return Math.floor(epochMs / 1000) + UNIX_EPOCH_SECONDS;
}

/** Reads an instant in Gregorian seconds as epoch milliseconds. */
export function toEpochMs(gregorianSeconds: number): number {
  return (gregorianSeconds - UNIX_EPOCH_SECONDS) * 1000;
}
