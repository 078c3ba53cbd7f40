/**
 * Writes a line of a manifest, with its newline. Carriage return, line feed and the percent sign of a path are
 * percent-encoded, and nothing else: `sha256sum -c` finds every file whose path has none of the three.
 *
 * @param hex - Lower-case hexadecimal.
 * @param path - From the bag's folder on, with forward slashes.
 * @see RFC 8493 section 2.1.3
 */
export function toManifestLine(hex: string, path: string): string {
  return `${hex}  ${path.replace(/[\r\n%]/g, encodeURIComponent)}\n`;
}
