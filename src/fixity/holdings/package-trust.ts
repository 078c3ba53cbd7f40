import { type AllowedSigner, parseAllowedSigners } from "../../signing/allowed-signers.ts";
import { SigningKeyError } from "../../signing/errors.ts";
import { parsePublicKey } from "../../signing/parse-public-key.ts";
import type { PublicKey } from "../../signing/public-key.ts";
import type { TrustedCertificates } from "../../timestamp/trusted-certificates.ts";

/** Keys that came another way than in the package, and the file that names them. */
export interface TrustedSigners {
  readonly path: string;
  readonly signers: readonly AllowedSigner[];
  /** What of the file was left out, a sentence each. */
  readonly remarks: readonly string[];
}

/** What a receiver knows of a package from elsewhere. What is undefined is taken from the package itself, and that is said. */
export interface PackageTrust {
  /** Who may have signed the package; one of them must have. */
  readonly signers: TrustedSigners | undefined;
  /** Where the certificates of its time stamp must lead; it must have one. */
  readonly certificates: TrustedCertificates | undefined;
  /** Whose the ledger is that its custody is of; it must have one. */
  readonly ledgerKey: PublicKey | undefined;
  /** For keys and certificates that are good for a time. */
  readonly nowMs: number;
}

/** Whom the line of a bare key names. */
const ANYBODY = "*";

/**
 * Reads an `allowed_signers` file, or a single public key in any of its forms.
 *
 * @throws {SigningKeyError} no key in it can be used.
 */
export function parseTrustedSigners(text: string, path: string): TrustedSigners {
  if (isBareKey(text)) {
    const times = { namespaces: undefined, validAfterMs: undefined, validBeforeMs: undefined };
    return { path, signers: [{ principals: ANYBODY, publicKey: parsePublicKey(text, path), ...times }], remarks: [] };
  }
  const { signers, remarks } = parseAllowedSigners(text);
  if (signers.length > 0) return { path, signers, remarks: remarks.map((remark) => `${path}: ${remark}`) };
  const [remark = "it names no key"] = remarks;
  throw new SigningKeyError(`neither a public key nor an allowed_signers file that allows anybody: ${path}`, {
    hint: remark,
  });
}

/** A line of `allowed_signers` begins with a name, and has more words behind it. */
function isBareKey(text: string): boolean {
  const [first = ""] = text.split("\n").filter((line) => !/^\s*(#|$)/.test(line));
  return /^\s*(?:-----BEGIN |(?:sk-)?(?:ssh|ecdsa)-\S+\s|\S+\s*$)/.test(first);
}
