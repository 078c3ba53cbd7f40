import { createHash, verify } from "node:crypto";
import { type BaseBlock, ObjectIdentifier, OctetString } from "asn1js";
import type { Certificate } from "./certificate.ts";
import type { DecodedToken, StampSignature } from "./decode-response.ts";
import { CONTENT_TYPE, MESSAGE_DIGEST, TST_INFO } from "./object-identifiers.ts";
import { findHash, findScheme } from "./signature-algorithm.ts";

/**
 * Finds why the signature does not stand for the content: the signed attributes must hold its type and its digest, once
 * each, and be signed with the key of the certificate.
 *
 * @see RFC 5652 sections 5.4 and 5.6
 */
export function findSignatureProblem({ content, signature }: DecodedToken, signer: Certificate): string | undefined {
  const hash = findHash(signature.digestAlgorithmId);
  if (hash === undefined) return "its digest is of an algorithm that is weak or unknown";
  const type = findOnly(signature, CONTENT_TYPE);
  if (!(type instanceof ObjectIdentifier && type.getValue() === TST_INFO)) return "it is not signed as a time stamp";
  const digest = findOnly(signature, MESSAGE_DIGEST);
  const found = createHash(hash).update(content).digest();
  if (!(digest instanceof OctetString && found.equals(digest.valueBlock.valueHexView))) {
    return "its content is not what was signed";
  }
  return isSignedBy(signature, signer, hash) ? undefined : `it is not signed with the key of ${signer.name}`;
}

function findOnly({ attributes }: StampSignature, id: string): BaseBlock | undefined {
  const values = attributes.filter(({ type }) => type === id).flatMap((attribute) => attribute.values);
  return values.length === 1 ? values[0] : undefined;
}

function isSignedBy({ algorithm, signedBytes, value }: StampSignature, { x509 }: Certificate, hash: string): boolean {
  try {
    const scheme = findScheme(algorithm, hash);
    if (scheme === undefined) return false;
    const { padding } = scheme;
    const key = padding === undefined ? x509.publicKey : { key: x509.publicKey, padding };
    return verify(scheme.hash, signedBytes, key, value);
  } catch {
    // A key or parameters that OpenSSL cannot read have signed nothing.
    return false;
  }
}
