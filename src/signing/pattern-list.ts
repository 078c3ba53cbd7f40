/**
 * Tells whether a text matches a list of patterns: one of them, and none that begins with `!`. `*` stands for any
 * characters, `?` for one.
 *
 * @see ssh_config(5) "PATTERNS"
 */
export function matchesPatterns(text: string, list: string): boolean {
  const patterns = list.split(",");
  const isNamed = patterns.some((pattern) => !pattern.startsWith("!") && matches(text, pattern));
  return isNamed && !patterns.some((pattern) => pattern.startsWith("!") && matches(text, pattern.slice(1)));
}

function matches(text: string, pattern: string): boolean {
  const source = pattern
    .replaceAll(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replaceAll(/\*+/g, ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "su").test(text);
}
