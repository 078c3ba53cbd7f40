/**
 * What no table should hold: controls, halves of surrogate pairs, line ends that few programs know, marks that turn the
 * direction of all that follows.
 */
const UNFIT = "(?![\\t\\r\\n])[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Bidi_Control}]";

/** What would be taken for a character that is spelt out. */
const LIKE_SPELT = "\\{(?=U\\+[0-9A-F]{4}\\})";

/** Spells characters out, `{U+00AE}`, where they cannot stand, and reads such spelling. */
export interface Spelling {
  readonly spellOut: (text: string) => string;
  readonly readSpelt: (text: string) => string;
}

/**
 * Gives a spelling with which every text comes back as it was.
 *
 * @param reserved - Characters that mean something else in the file, all below U+10000.
 */
export function toSpelling(reserved: string): Spelling {
  const unfit = new RegExp(`${UNFIT}|${LIKE_SPELT}${reserved === "" ? "" : `|[${reserved}]`}`, "gu");
  return {
    spellOut: (text) => text.replaceAll(unfit, toSpelt),
    readSpelt: (text) => text.replaceAll(/\{U\+([0-9A-F]{4})\}/g, toCharacter),
  };
}

function toSpelt(character: string): string {
  return `{U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}}`;
}

function toCharacter(_spelt: string, digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16));
}
