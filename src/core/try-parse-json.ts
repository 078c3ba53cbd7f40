/**
 * Reads a text as JSON.
 *
 * @returns undefined when it is none; the parser's own error is dropped because it quotes the text,
 * which may hold the key [K].
 */
export function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
