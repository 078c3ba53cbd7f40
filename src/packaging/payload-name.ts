/**
 * Writes a name that is safe already so that it stands in manifests as it is: BagIt writes a percent sign otherwise than
 * `sha256sum -c` reads it. Safe names have no plus sign, so that two stay two.
 *
 * @see RFC 8493 section 2.1.3
 */
export function toPayloadName(safeName: string): string {
  return safeName.replaceAll("%", "+");
}
