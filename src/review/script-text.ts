/**
 * Writes a value as JSON that can stand in a `script` element as it is: none of it can end the element, or begin a comment
 * or another element in it, and no line separator is in it that a script would not have in a text.
 *
 * @see HTML Standard, "Restrictions for contents of script elements"
 */
export function toScriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[<\u2028\u2029]/g, toEscape);
}

/** Tells whether a script or style of ours can stand in its element, for it cannot be escaped there. */
export function isSafeInElement(text: string): boolean {
  return !/<!--|<\/?(?:script|style)/i.test(text);
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
