import { randomBytes } from "node:crypto";
import { toArmor, tryReadArmor } from "./armor.ts";
import { PublicKey, SSH_KEY_TYPE } from "./public-key.ts";
import { SshReader, toSshString, toUint32 } from "./ssh-wire.ts";

/** What stands between the dashes of a key file's first line. */
export const OPENSSH_LABEL = "OPENSSH PRIVATE KEY";

const MAGIC = Buffer.from("openssh-key-v1\0");
/** The cipher "none" counts as one of blocks of 8 bytes. */
const BLOCK_BYTES = 8;
const SEED_BYTES = 32;

/** The two halves of a key as a file states them; whether they belong together is still to be checked. */
export interface StatedKey {
  readonly seed: Buffer;
  readonly publicKey: PublicKey;
}

/**
 * Writes an Ed25519 key without a passphrase, as ssh-keygen does.
 *
 * @see PROTOCOL.key of OpenSSH
 */
export function formatOpenSshPrivateKey({ seed, publicKey }: StatedKey, comment: string): string {
  const check = randomBytes(4);
  const secret = toSshString(Buffer.concat([seed, publicKey.bytes]));
  const fields = Buffer.concat([check, check, publicKey.toSsh(), secret, toSshString(comment)]);
  const padding = toPadding(-fields.length & (BLOCK_BYTES - 1));
  const head = [MAGIC, toSshString("none"), toSshString("none"), toSshString(""), toUint32(1)];
  const keys = [toSshString(publicKey.toSsh()), toSshString(Buffer.concat([fields, padding]))];
  return toArmor(OPENSSH_LABEL, Buffer.concat([...head, ...keys]));
}

/**
 * Reads an OpenSSH key file; never throws.
 *
 * @returns its only key; or why there is none: it is encrypted, of the type named, or the file is damaged.
 * @see PROTOCOL.key of OpenSSH
 */
export function readOpenSshPrivateKey(text: string): StatedKey | "encrypted" | "damaged" | { readonly type: string } {
  const reader = new SshReader(tryReadArmor(OPENSSH_LABEL, text) ?? Buffer.alloc(0));
  const magic = reader.bytes(MAGIC.length);
  const cipher = reader.name();
  const kdf = reader.name();
  const kdfOptions = reader.string();
  const count = reader.uint32();
  const publicBlob = reader.string();
  const fields = reader.string();
  if (!reader.isSpent || !magic.equals(MAGIC) || count !== 1) return "damaged";
  if (cipher !== "none") return "encrypted";
  if (kdf !== "none" || kdfOptions.length > 0) return "damaged";
  const type = new SshReader(publicBlob).name();
  if (type !== SSH_KEY_TYPE) return { type };
  return tryReadFields(fields, publicBlob) ?? "damaged";
}

function tryReadFields(fields: Buffer, publicBlob: Buffer): StatedKey | undefined {
  const reader = new SshReader(fields);
  const [check, checkAgain] = [reader.uint32(), reader.uint32()];
  const blob = Buffer.concat([toSshString(reader.string()), toSshString(reader.string())]);
  const secret = reader.string();
  reader.string(); // the comment
  const padding = reader.remainder();
  const publicKey = PublicKey.tryFromSsh(blob);
  if (!reader.isSpent || check !== checkAgain || publicKey === undefined) return undefined;
  const isWhole = padding.length < BLOCK_BYTES && padding.equals(toPadding(padding.length));
  const isOne = blob.equals(publicBlob) && secret.subarray(SEED_BYTES).equals(publicKey.bytes);
  return isWhole && isOne ? { seed: secret.subarray(0, SEED_BYTES), publicKey } : undefined;
}

/** 1, 2, 3 … */
function toPadding(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, index) => index + 1));
}
