import { createHash } from "node:crypto";
import { tryDecodeBase64 } from "./base64.ts";
import { PublicKey } from "./public-key.ts";

/** A key that a note may be signed with, and the name that it signs under. */
export interface Verifier {
  readonly name: string;
  readonly publicKey: PublicKey;
}

/** The type of a plain Ed25519 signature. @see https://c2sp.org/signed-note "Signature types" */
const ED25519 = Buffer.from([0x01]);

/** Tells whether keys can be called so in notes: not empty, no white space, no plus, no control characters. */
export function isKeyName(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what no name has
  return /^[^\p{White_Space}\0-\x1f\p{Surrogate}+]+$/u.test(text);
}

/**
 * Gives the four bytes by which a note's signature names its key.
 *
 * @see https://c2sp.org/signed-note "Ed25519 signatures"
 */
export function toKeyHash(name: string, publicKey: PublicKey): Buffer {
  const hash = createHash("sha256").update(`${name}\n`).update(ED25519).update(publicKey.bytes);
  return hash.digest().subarray(0, 4);
}

/** Writes a key and its name as one word, `name+hash+key`, for those who verify. */
export function toVerifierKey(name: string, publicKey: PublicKey): string {
  const key = Buffer.concat([ED25519, publicKey.bytes]);
  return `${name}+${toKeyHash(name, publicKey).toString("hex")}+${key.toString("base64")}`;
}

/** Reads what {@link toVerifierKey} writes; undefined when it is of another form or type, or its hash is not the key's. */
export function tryParseVerifierKey(text: string): Verifier | undefined {
  const [, name = "", hash = "", base64 = ""] = /^([^+]+)\+([0-9a-fA-F]{8})\+(.+)$/.exec(text) ?? [];
  const key = tryDecodeBase64(base64);
  if (!isKeyName(name) || key?.length !== 33 || !key.subarray(0, 1).equals(ED25519)) return undefined;
  const publicKey = new PublicKey(key.subarray(1));
  return toKeyHash(name, publicKey).toString("hex") === hash.toLowerCase() ? { name, publicKey } : undefined;
}
