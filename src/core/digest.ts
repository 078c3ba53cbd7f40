declare const sha256Brand: unique symbol;
/** A SHA-256 digest as 64 lower-case hexadecimal digits. */
export type Sha256Hex = string & { readonly [sha256Brand]: true };

/**
 * Reads a SHA-256 digest in hexadecimal, of either case.
 *
 * @returns undefined for anything but 64 hexadecimal digits; a shorter value, such as the 16 digits
 * of the vendor's sample webhook, proves nothing and is no digest.
 */
export function tryParseSha256(text: string): Sha256Hex | undefined {
  return /^[0-9a-fA-F]{64}$/.test(text) ? (text.toLowerCase() as Sha256Hex) : undefined;
}

/** Reads a digest that this program wrote or computed itself; anything else is a bug. */
export function parseSha256(text: string): Sha256Hex {
  const digest = tryParseSha256(text);
  if (digest === undefined) throw new Error(`internal error: not a sha256 digest: ${text}`);
  return digest;
}

/** The digest algorithms that records of others may use, by the names of RFC 8493 section 2.4. Which is strong enough to prove something is for the reader to judge: MD5 and SHA-1 show damage, not forgery. */
export const DIGEST_ALGORITHMS = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"] as const;
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number];

/** How many hexadecimal digits a digest has. */
export const HEX_DIGITS = {
  md5: 32,
  sha1: 40,
  sha224: 56,
  sha256: 64,
  sha384: 96,
  sha512: 128,
} as const satisfies Record<DigestAlgorithm, number>;

/** A digest with its algorithm, in lower-case hexadecimal. */
export interface Digest {
  readonly algorithm: DigestAlgorithm;
  readonly hex: string;
}
