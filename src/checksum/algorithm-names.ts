import { DIGEST_ALGORITHMS, type DigestAlgorithm, HEX_DIGITS } from "../core/digest.ts";

const BY_LENGTH = new Map(DIGEST_ALGORITHMS.map((algorithm) => [HEX_DIGITS[algorithm] as number, algorithm]));

/** Reads an algorithm's name as programs write it: `SHA256`, `sha-256`, `SHA2-256`; undefined for one that is not computed here. */
export function tryParseAlgorithm(name: string): DigestAlgorithm | undefined {
  const plain = name.toLowerCase().replace(/^sha2?-/, "sha");
  return DIGEST_ALGORITHMS.find((algorithm) => algorithm === plain);
}

/** Tells which algorithm a digest without a name is taken to be of, as coreutils' programs of that name write it. */
export function tryGuessAlgorithm(hex: string): DigestAlgorithm | undefined {
  return BY_LENGTH.get(hex.length);
}
