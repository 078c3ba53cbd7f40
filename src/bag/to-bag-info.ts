import type { BagInfoElement } from "./bag-info.ts";

/** What any reader may take for the end of a line (Unicode Standard Annex 14, mandatory breaks). */
const LINE_END = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;

/**
 * Writes `bag-info.txt`. A value may hold anything: each of its lines is written as one, all but the first indented, so that
 * none can pass for an element; empty lines and white space around lines are left out. Long lines are not broken, for a
 * reader cannot tell such a break from one of the value's own.
 *
 * @param elements - Their labels are ours, and hold neither colons nor line ends.
 * @see RFC 8493 section 2.2.2
 */
export function toBagInfoText(elements: Iterable<BagInfoElement>): string {
  let text = "";
  for (const { label, value } of elements) text += `${label}: ${toFolded(value)}\n`;
  return text;
}

function toFolded(value: string): string {
  const lines = value.split(LINE_END).map((line) => line.trim());
  return lines.filter((line) => line !== "").join("\n  ");
}
