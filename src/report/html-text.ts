/**
 * Characters that a reader does not see, or that make him see others elsewhere: controls, bidirectional overrides, joiners,
 * strange spaces, halves of surrogate pairs.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Makes a text of ours stand as it is, in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

/**
 * Makes a text from outside, such as a file name, stand in an element so that two that differ never look the same for a
 * character that is not seen: each such is shown by its number, set apart from a text that only spells one.
 *
 * @see Unicode Standard Annex 9 section 2, Unicode Technical Report 36 section 2
 */
export function toVisibleHtml(text: string): string {
  return escapeHtml(text).replaceAll(HIDDEN, (character) => `<span class=hidden>${toCodePointWords(character)}</span>`);
}

function toCodePointWords(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
