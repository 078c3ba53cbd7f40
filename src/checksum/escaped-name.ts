const ESCAPED: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r" };
const PLAIN: Readonly<Record<string, string>> = { "\\\\": "\\", "\\n": "\n", "\\r": "\r" };

/**
 * Writes a file's name so that it stays on one line; a line with such a name begins with a backslash.
 *
 * @returns undefined for a name that needs no escaping.
 * @see GNU coreutils 9.1, `md5sum` invocation: backslash, newline and carriage return
 */
export function tryEscapeName(name: string): string | undefined {
  return /[\\\n\r]/.test(name) ? name.replace(/[\\\n\r]/g, (character) => ESCAPED[character] ?? character) : undefined;
}

/** Reads an escaped name; undefined when a backslash stands before anything else. */
export function tryUnescapeName(text: string): string | undefined {
  const plain = text.replace(/\\[\\nr]/g, (pair) => PLAIN[pair] ?? pair);
  const escapes = text.match(/\\.?/gs) ?? [];
  return escapes.every((pair) => PLAIN[pair] !== undefined) ? plain : undefined;
}
