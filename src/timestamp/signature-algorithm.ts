import { constants } from "node:crypto";
import { type AlgorithmIdentifier, RSASSAPSSParams } from "pkijs";
import { SHA256 } from "./object-identifiers.ts";

/** How a signature is verified, in the words of node:crypto. */
export interface SignatureScheme {
  readonly hash: string;
  readonly padding?: number;
}

/** RFC 5754 section 2. SHA-1 and MD5 are left out: other bytes with the same digest can be made. */
const HASHES: Readonly<Record<string, string>> = {
  [SHA256]: "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

/** RFC 5754 section 3, RFC 5758 section 3.2. */
const SCHEMES: Readonly<Record<string, SignatureScheme>> = {
  "1.2.840.113549.1.1.11": { hash: "sha256" },
  "1.2.840.113549.1.1.12": { hash: "sha384" },
  "1.2.840.113549.1.1.13": { hash: "sha512" },
  "1.2.840.10045.4.3.2": { hash: "sha256" },
  "1.2.840.10045.4.3.3": { hash: "sha384" },
  "1.2.840.10045.4.3.4": { hash: "sha512" },
};
const RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
const RSASSA_PSS = "1.2.840.113549.1.1.10";

/** Finds node:crypto's name of a hash; undefined for one that is not of the SHA-2 family. */
export function findHash(algorithmId: string): string | undefined {
  return HASHES[algorithmId];
}

/**
 * Finds how a signature is to be verified; undefined for an algorithm that is unknown or uses a weak hash.
 *
 * @param digestHash - The hash where the algorithm does not name one: in CMS, bare `rsaEncryption`.
 */
export function findScheme(algorithm: AlgorithmIdentifier, digestHash?: string): SignatureScheme | undefined {
  const { algorithmId } = algorithm;
  if (algorithmId === RSA_ENCRYPTION) return digestHash === undefined ? undefined : { hash: digestHash };
  if (algorithmId !== RSASSA_PSS) return SCHEMES[algorithmId];
  const hash = findHash(new RSASSAPSSParams({ schema: algorithm.algorithmParams }).hashAlgorithm.algorithmId);
  return hash === undefined ? undefined : { hash, padding: constants.RSA_PKCS1_PSS_PADDING };
}
