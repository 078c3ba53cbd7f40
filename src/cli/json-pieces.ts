import { isSequence } from "../core/sequence.ts";

/** So much text goes out at a time. */
const PIECE_CHARACTERS = 1 << 16;

/**
 * Gives the text of `JSON.stringify(document, null, 2)` in pieces, with sequences as lists: that of all results of a long run
 * takes more memory than the run did.
 */
export function* toJsonPieces(document: object): Generator<string> {
  let piece = "";
  for (const part of toParts(document)) {
    piece += part;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

function* toParts(document: object): Generator<string> {
  const fields = Object.entries(document).filter(([, value]) => value !== undefined);
  for (const [index, [name, value]] of fields.entries()) {
    yield `${index === 0 ? "{" : ","}\n  ${JSON.stringify(name)}: `;
    if (isSequence(value)) yield* toListParts(value);
    else yield toText(value, 1);
  }
  yield fields.length === 0 ? "{}" : "\n}";
}

function* toListParts(items: Iterable<unknown>): Generator<string> {
  let before = "[";
  for (const item of items) {
    yield `${before}\n    ${toText(item ?? null, 2)}`;
    before = ",";
  }
  yield before === "[" ? "[]" : "\n  ]";
}

/** No line break in the text is part of a value: JSON writes those as `\n`. */
function toText(value: unknown, depth: number): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", `\n${"  ".repeat(depth)}`);
}
