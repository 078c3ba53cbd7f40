declare const batesPrefixBrand: unique symbol;
/** What the Bates numbers of a production begin with; it can stand at the beginning of a file's name on any system. */
export type BatesPrefix = string & { readonly [batesPrefixBrand]: true };

/** So many digits are customary, and give ten million numbers. */
const MIN_DIGITS = 7;

/**
 * Reads a prefix: up to 40 letters and digits of ASCII, full stops, hyphens and underscores, of which the first is a letter or
 * digit.
 *
 * @returns undefined for anything else.
 */
export function tryParseBatesPrefix(text: string): BatesPrefix | undefined {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(text) ? (text as BatesPrefix) : undefined;
}

/**
 * Writes a Bates number: `ABC0000001`. All numbers of a production are of one length, so that they sort as texts do.
 *
 * @param ordinal - Counted from 1.
 * @param total - How many numbers the production has.
 */
export function toBatesNumber(prefix: BatesPrefix, ordinal: number, total: number): string {
  return prefix + String(ordinal).padStart(Math.max(MIN_DIGITS, String(total).length), "0");
}
