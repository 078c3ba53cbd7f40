import {
  ALLOWED_SIGNERS_NAME,
  SIGNATURE_NAME,
  SIGNATURE_NAMESPACE,
  SIGNED_MANIFEST_NAME,
} from "../../packaging/package-layout.ts";
import { findPrincipal, parseAllowedSigners } from "../../signing/allowed-signers.ts";
import type { PublicKey } from "../../signing/public-key.ts";
import { verifySshSignature } from "../../signing/ssh-signature.ts";
import { type PackageCheck, type PackageGrounds, toFindingOf } from "./package-check.ts";
import { type ReadPackageFile, readPackageFile } from "./read-package-file.ts";

/**
 * Checks the signature over the tag manifest, and through it over all that is as its manifests say. A key that lies in the
 * package is never taken for the sender's: it must be named by whoever checks.
 *
 * @param manifest - The tag manifest as it was read.
 */
export async function checkSignature(manifest: ReadPackageFile, grounds: PackageGrounds): Promise<PackageCheck> {
  const { files, descriptor, trust } = grounds;
  const toFinding = toFindingOf(files, SIGNATURE_NAME);
  if (descriptor.signature === null) {
    const remarks = [NOT_SIGNED];
    if (trust.signers === undefined) return { facts: { status: "not-signed" }, remarks, findings: [] };
    const message = `the package is not signed, and ${trust.signers.path} says by whom it must be`;
    return { facts: { status: "not-signed" }, remarks, findings: [toFinding("signature-invalid", message)] };
  }
  const signer = await findSigner(manifest, grounds);
  if ("problem" in signer) {
    const facts = { status: "invalid", problem: signer.problem };
    return { facts, remarks: [], findings: [toFinding("signature-invalid", signer.problem)] };
  }
  return judgeSigner(signer.publicKey, grounds);
}

const NOT_SIGNED =
  "not signed: the checksums show what changed by accident; whoever changes a file and the manifests with it leaves no trace";

/** Finds whose signature it is: that of the one key that the package names in both of its places, or why it is none. */
async function findSigner(
  manifest: ReadPackageFile,
  { files, descriptor: { signature: stated }, trust }: PackageGrounds,
): Promise<{ readonly publicKey: PublicKey } | { readonly problem: string }> {
  const armored = await readPackageFile(files, SIGNATURE_NAME);
  if ("problem" in armored)
    return { problem: `the package says that it is signed, and of its signature: ${armored.problem}` };
  if ("problem" in manifest)
    return { problem: `the signature cannot be checked: of ${SIGNED_MANIFEST_NAME}: ${manifest.problem}` };
  const terms = { namespace: SIGNATURE_NAMESPACE };
  const verified = verifySshSignature(Buffer.from(armored.bytes).toString("latin1"), manifest.bytes, terms);
  if ("problem" in verified) return verified;
  const { publicKey } = verified;
  if (publicKey.toSshLine() !== stated?.publicKey) {
    return { problem: `made with the key ${publicKey.toFingerprint()}, and the package names another` };
  }
  const listed = await readPackageFile(files, ALLOWED_SIGNERS_NAME);
  const { signers } = parseAllowedSigners("problem" in listed ? "" : Buffer.from(listed.bytes).toString("utf8"));
  const isListed =
    findPrincipal(signers, { publicKey, namespace: SIGNATURE_NAMESPACE, nowMs: trust.nowMs }) !== undefined;
  return isListed ? verified : { problem: `${ALLOWED_SIGNERS_NAME} in the package does not allow the key that signed` };
}

/** Holds the key against those that were given. */
function judgeSigner(publicKey: PublicKey, { files, descriptor, trust }: PackageGrounds): PackageCheck {
  const fingerprint = publicKey.toFingerprint();
  const identity = descriptor.signature?.identity ?? "";
  const facts = { status: "valid", fingerprint, statedIdentity: identity };
  const signed = `signed: ${SIGNED_MANIFEST_NAME}, and so every file that is as listed, by the key ${fingerprint}`;
  if (trust.signers === undefined) {
    const doubt = `which lies in the package: whether it is the key of ${JSON.stringify(identity)} only a fingerprint shows that came another way, or --signer`;
    return { facts: { ...facts, key: "in-package" }, remarks: [`${signed}, ${doubt}`], findings: [] };
  }
  const { path, signers, remarks } = trust.signers;
  const principals = findPrincipal(signers, { publicKey, namespace: SIGNATURE_NAMESPACE, nowMs: trust.nowMs });
  if (principals !== undefined) {
    const given = `${signed}, which ${path} names${principals === "*" ? "" : ` as ${principals}`}`;
    return { facts: { ...facts, key: "given", principals }, remarks: [given, ...remarks], findings: [] };
  }
  const message = `signed by the key ${fingerprint}, which ${path} does not allow to sign packages now`;
  const finding = toFindingOf(files, SIGNATURE_NAME)("signature-invalid", message, { found: fingerprint });
  return { facts: { ...facts, key: "not-allowed" }, remarks, findings: [finding] };
}
