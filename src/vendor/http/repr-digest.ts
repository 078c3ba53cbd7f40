import { type Sha256Hex, tryParseSha256 } from "../../core/digest.ts";

/**
 * Reads the SHA-256 of a whole file off a `Repr-Digest` header: `sha-256=:BASE64:`, among others or alone.
 *
 * @returns undefined when there is none, or it is no digest of 32 bytes.
 * @see RFC 9530 section 3
 */
export function tryParseReprDigest(header: string | undefined): Sha256Hex | undefined {
  const match = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*(?:[,;]|$)/.exec(header ?? "");
  return match === null ? undefined : tryParseSha256(Buffer.from(match[1] ?? "", "base64").toString("hex"));
}
