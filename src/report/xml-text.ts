/**
 * Characters that XML 1.0 has no way to write, that its readers change, or that nobody sees: controls, line ends, halves of
 * surrogate pairs, non-characters, bidirectional overrides, joiners.
 *
 * @see https://www.w3.org/TR/xml/ sections 2.2 and 2.11
 */
const UNWRITABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/gu;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Makes a sentence stand in an element or an attribute; what cannot or should not be written is percent-encoded as in an URI, so that it is seen. */
export function toXmlText(text: string): string {
  return escapeXml(text.replaceAll(UNWRITABLE, toPercents));
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
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}
