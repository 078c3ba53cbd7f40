/**
 * Writes how much payload there is, as the value of `Payload-Oxum`.
 *
 * @see RFC 8493 section 2.2.2
 */
export function toPayloadOxumText({ octets, streams }: { readonly octets: number; readonly streams: number }): string {
  return `${octets}.${streams}`;
}
