import { element } from "./element.ts";

/**
 * Characters that a reader does not see, or that make him see others elsewhere: controls, bidirectional overrides, joiners,
 * strange spaces, halves of surrogate pairs.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

/** Makes nodes of a text from outside in which each character that is not seen is shown by its number, set apart. */
export function toVisibleNodes(text: string): readonly (Node | string)[] {
  const nodes: (Node | string)[] = [];
  let end = 0;
  for (const { 0: hidden, index } of text.matchAll(HIDDEN)) {
    nodes.push(text.slice(end, index), element("span", { className: "hidden" }, toCodePointWords(hidden)));
    end = index + hidden.length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

/** Writes a text from outside on one line of a plain text, in which each character that is not seen is spelt `{U+000A}`. */
export function toVisibleLine(text: string): string {
  return text.replaceAll(HIDDEN, (character) => `{${toCodePointWords(character)}}`);
}

function toCodePointWords(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
