import { SIGNATURE_NAME, SIGNATURE_NAMESPACE } from "../packaging/package-layout.ts";
import type { PackageDescriptor } from "../packaging/schema.ts";
import { toAllowedSignersLine, toPrincipal } from "../signing/allowed-signers-line.ts";
import { loadSigningKey } from "../signing/load-signing-key.ts";
import type { SigningKey } from "../signing/signing-key.ts";
import { toSshSignature } from "../signing/ssh-signature.ts";

/** Who signs a package. */
export interface PackageSigner {
  readonly key: SigningKey;
  /** Whoever it is, under any name. */
  readonly identity: string;
}

const MISSING_HINT = "make one: ssh-keygen -t ed25519 -N '' -f FILE, and give the receiver its fingerprint another way";

/**
 * Loads the key that a package is signed with: Ed25519, without a passphrase, in a file that only its owner can read.
 *
 * @throws {SigningKeyError} it is not there, or cannot be used.
 */
export function loadPackageKey(path: string): Promise<SigningKey> {
  return loadSigningKey(path, { missingHint: MISSING_HINT });
}

/**
 * Signs the tag manifest, and through it all of the package: `ssh-keygen -Y verify -n file` accepts what is returned.
 *
 * @returns the text of the signature's file.
 */
export function signTagManifest(manifest: Uint8Array, { key }: PackageSigner): string {
  return toSshSignature(manifest, { key, namespace: SIGNATURE_NAMESPACE });
}

/** Writes the file by which ssh-keygen takes the signature for the signer's; that the key is theirs it cannot show. */
export function toAllowedSigners({ key, identity }: PackageSigner): string {
  return `${toAllowedSignersLine({ identity, publicKey: key.publicKey, namespace: SIGNATURE_NAMESPACE })}\n`;
}

/** Says, for the descriptor, by whom the package will be signed. */
export function toSignatureStatement({ key, identity }: PackageSigner): NonNullable<PackageDescriptor["signature"]> {
  return {
    file: SIGNATURE_NAME,
    namespace: SIGNATURE_NAMESPACE,
    identity: toPrincipal(identity),
    publicKey: key.publicKey.toSshLine(),
    fingerprint: key.publicKey.toFingerprint(),
  };
}
