/**
 * Writes `bagit.txt`.
 *
 * @see RFC 8493 section 2.1.1
 */
export function toDeclarationText(): string {
  return "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
}
