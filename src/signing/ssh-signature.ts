import { createHash } from "node:crypto";
import { toArmor, tryReadArmor } from "./armor.ts";
import type { Problem } from "./problem.ts";
import { PublicKey, SSH_KEY_TYPE } from "./public-key.ts";
import type { SigningKey } from "./signing-key.ts";
import { SshReader, toSshString, toUint32 } from "./ssh-wire.ts";

const LABEL = "SSH SIGNATURE";
const MAGIC = Buffer.from("SSHSIG");
const VERSION = 1;
const HASHES: readonly string[] = ["sha256", "sha512"];

/** What is signed, beside the data. */
interface SignedTerms {
  /** What the signature is for, so that one made for another purpose does not count. */
  readonly namespace: string | Buffer;
  /** Room for later versions. It is signed too. */
  readonly reserved: Buffer;
  readonly hash: string;
}

/**
 * Signs bytes as `ssh-keygen -Y sign` does: `ssh-keygen -Y verify -n NAMESPACE` accepts it.
 *
 * @see PROTOCOL.sshsig of OpenSSH
 */
export function toSshSignature(
  data: Uint8Array,
  { key, namespace }: { readonly key: SigningKey; readonly namespace: string },
): string {
  if (namespace === "") throw new Error("internal error: a signature for no purpose");
  const terms = { namespace, reserved: Buffer.alloc(0), hash: "sha512" };
  const signature = Buffer.concat([toSshString(SSH_KEY_TYPE), toSshString(key.sign(toSignedBytes(data, terms)))]);
  const fields = [key.publicKey.toSsh(), ...toFields(terms), signature].map(toSshString);
  return toArmor(LABEL, Buffer.concat([MAGIC, toUint32(VERSION), ...fields]));
}

/**
 * Checks a signature that `ssh-keygen -Y sign` may have made with an Ed25519 key. Never throws.
 *
 * @returns the key that made it: whether that one counts is for the caller to decide. Or what is wrong.
 * @see PROTOCOL.sshsig of OpenSSH
 */
export function verifySshSignature(
  armored: string,
  data: Uint8Array,
  { namespace }: { readonly namespace: string },
): { readonly publicKey: PublicKey } | Problem {
  const reader = new SshReader(tryReadArmor(LABEL, armored) ?? Buffer.alloc(0));
  const magic = reader.bytes(MAGIC.length);
  const version = reader.uint32();
  const keyBlob = reader.string();
  const terms = { namespace: reader.string(), reserved: reader.string(), hash: reader.name() };
  const signatureBlob = reader.string();
  if (!reader.isSpent || !magic.equals(MAGIC)) return { problem: "not an SSH signature, or a damaged one" };
  if (version !== VERSION) return { problem: `an SSH signature of version ${version}, which is not known` };
  if (!terms.namespace.equals(Buffer.from(namespace))) return { problem: `not made for ${namespace}` };
  if (!HASHES.includes(terms.hash)) return { problem: "made with a hash that is not known" };
  const publicKey = PublicKey.tryFromSsh(keyBlob);
  const signature = tryReadSignature(signatureBlob);
  if (publicKey === undefined || signature === undefined) return { problem: "not made with an Ed25519 key" };
  return publicKey.verify(toSignedBytes(data, terms), signature)
    ? { publicKey }
    : { problem: "the signature is not of these bytes" };
}

function tryReadSignature(blob: Buffer): Buffer | undefined {
  const reader = new SshReader(blob);
  const type = reader.name();
  const signature = reader.string();
  return reader.isSpent && type === SSH_KEY_TYPE ? signature : undefined;
}

function toSignedBytes(data: Uint8Array, terms: SignedTerms): Buffer {
  const digest = createHash(terms.hash).update(data).digest();
  return Buffer.concat([MAGIC, ...[...toFields(terms), digest].map(toSshString)]);
}

function toFields({ namespace, reserved, hash }: SignedTerms): readonly (string | Buffer)[] {
  return [namespace, reserved, hash];
}
