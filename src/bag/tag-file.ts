import type { BagNotes } from "./bag-notes.ts";
import type { BagVersion } from "./bag-version.ts";

/** A tag file that is being read, by the rules of the bag's version. */
export interface TagFile {
  /** Relative to the bag. */
  readonly name: string;
  readonly version: BagVersion;
  readonly notes: BagNotes;
}

/**
 * Takes a text tag file apart; lines end with LF, CR or CRLF, of which the last may be missing.
 *
 * @see RFC 8493 section 2.3
 */
export function splitTagLines(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
