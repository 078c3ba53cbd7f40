/**
 * Characters that XML 1.0 has no way to write, that its readers change, or that nobody sees: controls, line ends, halves of
 * surrogate pairs, non-characters, bidirectional overrides, joiners.
 *
 * @see https://www.w3.org/TR/xml/ sections 2.2 and 2.11
 */
const UNWRITABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/gu;

/** Most text is such as stands as it is; to tell that is much quicker than to look for what does not. */
const PLAIN = /^[\w .,:;/()-]*$/;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Makes a sentence stand in an element or an attribute; what cannot or should not be written is percent-encoded as in an URI, so that it is seen. */
export function toXmlText(text: string): string {
  return PLAIN.test(text) ? text : escapeXml(text.replaceAll(UNWRITABLE, toPercents));
}

/**
 * Makes a name from outside stand in an element so that no two names look the same: as {@link toXmlText}, with the percent
 * sign encoded as well.
 *
 * @see RFC 3986 section 2.1
 */
export function toXmlName(name: string): string {
  return toXmlText(name.replaceAll("%", "%25"));
}

function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? "");
}

function toPercents(character: string): string {
  return toBytes(character)
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");
}

/** UTF-8 has no bytes for half of a surrogate pair; those that it would have keep two of them apart. */
function toBytes(character: string): readonly number[] {
  const unit = character.charCodeAt(0);
  const isHalf = character.length === 1 && unit >= 0xd800 && unit <= 0xdfff;
  return isHalf
    ? [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]
    : [...Buffer.from(character)];
}
