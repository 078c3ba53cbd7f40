import { createHash } from "node:crypto";
import { type BaseBlock, ObjectIdentifier, OctetString, Sequence } from "asn1js";
import type { Certificate } from "./certificate.ts";
import type { StampSignature } from "./decode-response.ts";
import { SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2 } from "./object-identifiers.ts";
import { findHash } from "./signature-algorithm.ts";

/**
 * Tells whether the signed attributes name this certificate as the signer's, by its digest. Without that, another
 * certificate for the same key could be put in its place. Where both forms stand, both must name it.
 *
 * @see RFC 5035 sections 3 and 4, RFC 5816 section 2.2.1
 */
export function isSigningCertificate({ attributes }: StampSignature, { der }: Certificate): boolean {
  const named = attributes.filter(({ type }) => type === SIGNING_CERTIFICATE || type === SIGNING_CERTIFICATE_V2);
  return (
    named.length > 0 &&
    named.every(({ type, values }) => {
      const id = toFirstId(values);
      // Version 1 has no field for the algorithm: it is SHA-1.
      const hash = type === SIGNING_CERTIFICATE ? "sha1" : toHash(id);
      const digest = id.find((field) => field instanceof OctetString);
      if (hash === undefined || digest === undefined) return false;
      return createHash(hash).update(der).digest().equals(digest.valueBlock.valueHexView);
    })
  );
}

/** Gives the fields of the first ESSCertID or ESSCertIDv2: the signer's; those behind it are of its chain. */
function toFirstId(values: readonly BaseBlock[]): readonly BaseBlock[] {
  const [ids] = toFields(values[0]);
  return toFields(toFields(ids)[0]);
}

/** An ESSCertIDv2 without an algorithm means SHA-256. */
function toHash([first]: readonly BaseBlock[]): string | undefined {
  if (!(first instanceof Sequence)) return "sha256";
  const [algorithm] = toFields(first);
  return algorithm instanceof ObjectIdentifier ? findHash(algorithm.getValue()) : undefined;
}

function toFields(block: BaseBlock | undefined): readonly BaseBlock[] {
  return block instanceof Sequence ? block.valueBlock.value : [];
}
