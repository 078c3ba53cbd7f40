import { type Certificate, readCertificate } from "./certificate.ts";
import { TimestampTrustError } from "./errors.ts";

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** Certificates that an operator trusts to say who stamps times. */
export type TrustedCertificates = readonly Certificate[];

/**
 * Reads a PEM bundle. Each of its certificates is trusted as it stands, be it a root, one below or the time stamping
 * authority's own; text around them is passed over.
 *
 * @param where - What was read, as errors name it.
 * @throws {TimestampTrustError} it has no certificate, or one that cannot be read.
 */
export function parseTrustedCertificates(pem: string, where: string): TrustedCertificates {
  const blocks = pem.match(BLOCK) ?? [];
  if (blocks.length === 0) throw new TimestampTrustError(`no certificate in PEM form: ${where}`);
  try {
    return blocks.map((block) => readCertificate(Buffer.from(block)));
  } catch (error) {
    throw new TimestampTrustError(`a certificate that cannot be read: ${where}`, { cause: error });
  }
}
