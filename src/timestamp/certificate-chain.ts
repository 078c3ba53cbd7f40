import { type Certificate, findChainProblem, findIssuerProblem } from "./certificate.ts";
import type { TrustedCertificates } from "./trusted-certificates.ts";

/** From the certificate that signed up to the trusted one, or why there is no such way. */
export type CertificateChain = { readonly path: readonly Certificate[] } | { readonly problem: string };

/** What a chain may be made of. */
export interface ChainParts {
  /** Certificates that came with the time stamp. */
  readonly others: readonly Certificate[];
  readonly trusted: TrustedCertificates;
  /** When all of the chain must have been valid. */
  readonly timeMs: number;
}

/**
 * Finds the shortest way from a certificate to a trusted one. Each step is checked: name, signature, validity at
 * `timeMs`, that the issuer is an authority, its path length and purpose, and that no critical extension is passed over.
 * Revocation is not checked, nor are policies; name constraints are refused, as they are critical.
 *
 * Every certificate is visited once, so that certificates which vouch for each other lead nowhere instead of round and round.
 *
 * @see RFC 5280 section 6.1
 */
export function findChain(leaf: Certificate, { others, trusted, timeMs }: ChainParts): CertificateChain {
  const unfit = findChainProblem(leaf, timeMs);
  if (unfit !== undefined) return { problem: unfit };
  const problems: string[] = [];
  const candidates = [...new Map([...others, ...trusted].map((one) => [toKey(one), one])).values()];
  const anchors = new Set(trusted.map(toKey));
  const visited = new Set([toKey(leaf)]);
  for (let paths: Certificate[][] = [[leaf]]; paths.length > 0; ) {
    const arrived = paths.find((path) => path.slice(-1).some((last) => anchors.has(toKey(last))));
    if (arrived !== undefined) return { path: arrived };
    paths = paths.flatMap((path) =>
      candidates
        .filter((candidate) => !visited.has(toKey(candidate)) && isNext(candidate, path))
        .map((issuer) => {
          visited.add(toKey(issuer));
          return [...path, issuer];
        }),
    );
  }
  const reason = problems[0] === undefined ? "" : `: ${problems[0]}`;
  return { problem: `${leaf.name} leads to none of the trusted certificates${reason}` };

  function isNext(issuer: Certificate, path: readonly Certificate[]): boolean {
    const child = path[path.length - 1];
    if (child === undefined || !isIssuedBy(child, issuer)) return false;
    const problem =
      findChainProblem(issuer, timeMs) ??
      findIssuerProblem(issuer, path.length - 1) ??
      (child.isStronglySigned ? undefined : `${child.name} is signed with an algorithm that is weak or unknown`);
    if (problem !== undefined) problems.push(problem);
    return problem === undefined;
  }
}

function toKey({ der }: Certificate): string {
  return der.toString("base64");
}

/** What OpenSSL cannot read of a key is no issuer. */
function isIssuedBy(child: Certificate, issuer: Certificate): boolean {
  if (!child.x509.checkIssued(issuer.x509)) return false;
  try {
    return child.x509.verify(issuer.x509.publicKey);
  } catch {
    return false;
  }
}
