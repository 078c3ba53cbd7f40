import { X509Certificate } from "node:crypto";
import { BitString } from "asn1js";
import { BasicConstraints, Certificate as PkiCertificate, type RelativeDistinguishedNames } from "pkijs";
import { ANY_EXTENDED_KEY_USAGE, EXTENSIONS, TIME_STAMPING } from "./object-identifiers.ts";
import { findScheme } from "./signature-algorithm.ts";

/** A certificate with what is asked of it here. */
export interface Certificate {
  readonly der: Buffer;
  readonly x509: X509Certificate;
  /** The subject on one line. */
  readonly name: string;
  readonly issuer: RelativeDistinguishedNames;
  readonly serial: bigint;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** Extensions that must not be passed over, by object identifier. */
  readonly critical: readonly string[];
  /** The first byte of the key usage, most significant bit first; undefined when all is allowed. */
  readonly keyUsage: number | undefined;
  /** Further certificate authorities that may stand below; undefined for any number. */
  readonly pathLength: number | undefined;
  readonly isStronglySigned: boolean;
}

/**
 * Reads a certificate.
 *
 * @throws {Error} whatever its two parsers say of bytes that are none.
 */
export function readCertificate(der: Uint8Array): Certificate {
  const x509 = new X509Certificate(der);
  const { extensions = [], signatureAlgorithm, issuer, serialNumber } = PkiCertificate.fromBER(x509.raw);
  const find = (id: string) => extensions.find(({ extnID }) => extnID === id)?.parsedValue;
  const [keyUsage, constraints] = [find(EXTENSIONS.keyUsage), find(EXTENSIONS.basicConstraints)];
  const pathLength = constraints instanceof BasicConstraints ? constraints.pathLenConstraint : undefined;
  return {
    der: x509.raw,
    x509,
    name: x509.subject.split("\n").join(", "),
    issuer,
    serial: serialNumber.toBigInt(),
    notBeforeMs: Date.parse(x509.validFrom),
    notAfterMs: Date.parse(x509.validTo),
    critical: extensions.filter(({ critical }) => critical).map(({ extnID }) => extnID),
    keyUsage: keyUsage instanceof BitString ? (keyUsage.valueBlock.valueHexView[0] ?? 0) : undefined,
    pathLength: typeof pathLength === "number" ? pathLength : undefined,
    isStronglySigned: findScheme(signatureAlgorithm) !== undefined,
  };
}

/** digitalSignature and nonRepudiation. */
const SIGNING_BITS = 0b1100_0000;

/**
 * Finds why a certificate may not sign time stamps: it must be for that alone, and say so in a way that nobody passes over.
 *
 * @see RFC 3161 section 2.3
 */
export function findTsaProblem({ x509, name, critical, keyUsage }: Certificate): string | undefined {
  const purposes = x509.keyUsage ?? [];
  if (!purposes.includes(TIME_STAMPING)) return `${name} is not for time stamping`;
  if (purposes.length !== 1) return `${name} is not for time stamping alone`;
  if (!critical.includes(EXTENSIONS.extendedKeyUsage)) return `${name} does not mark its purpose as critical`;
  const isForSigning = keyUsage === undefined || ((keyUsage & SIGNING_BITS) !== 0 && (keyUsage & ~SIGNING_BITS) === 0);
  return isForSigning ? undefined : `the key of ${name} is not for signing`;
}

/** Critical extensions that are checked, or that take nothing away from a certificate for time stamping. */
const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set(Object.values(EXTENSIONS));

/** Finds why a certificate has no place in a chain at an instant; undefined when it may have one. */
export function findChainProblem(certificate: Certificate, timeMs: number): string | undefined {
  const { name, notBeforeMs, notAfterMs, critical } = certificate;
  if (!(notBeforeMs <= timeMs && timeMs <= notAfterMs)) return `${name} was not valid at the time of the stamp`;
  const unknown = critical.find((id) => !KNOWN_EXTENSIONS.has(id));
  return unknown === undefined ? undefined : `${name} has the critical extension ${unknown}, which is not checked here`;
}

/**
 * Finds why a certificate cannot have issued another one; undefined when it may.
 *
 * @param authoritiesBelow - Certificate authorities between it and the one that signs time stamps.
 * @see RFC 5280 section 6.1.4
 */
export function findIssuerProblem(
  { x509, name, pathLength }: Certificate,
  authoritiesBelow: number,
): string | undefined {
  if (!x509.ca) return `${name} is not the certificate of an authority`;
  if (pathLength !== undefined && pathLength < authoritiesBelow) return `${name} allows no chain that is so long`;
  const purposes = x509.keyUsage;
  const isForStamps = [TIME_STAMPING, ANY_EXTENDED_KEY_USAGE].some((purpose) => purposes?.includes(purpose));
  return purposes === undefined || isForStamps ? undefined : `${name} is not for time stamping`;
}
