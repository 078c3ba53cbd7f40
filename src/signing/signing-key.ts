import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { inspect } from "node:util";
import { SigningKeyError } from "./errors.ts";
import { formatOpenSshPrivateKey, OPENSSH_LABEL, readOpenSshPrivateKey } from "./openssh-private-key.ts";
import { PublicKey } from "./public-key.ts";

/** What is before the secret in a PKCS#8 structure. @see RFC 8410 section 7 */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

const PASSPHRASE_HINT =
  "write a copy without one: cp KEY COPY && ssh-keygen -p -N '' -f COPY; or make a key: ssh-keygen -t ed25519 -N '' -f FILE";
const TYPE_HINT = "make one: ssh-keygen -t ed25519 -N '' -f FILE";

/** An Ed25519 key that signs. It never shows its secret half: printing, inspecting or serialising it gives `[redacted]`. */
export class SigningKey {
  readonly publicKey: PublicKey;
  readonly #key: KeyObject;

  /** @param seed - The 32 bytes that the key is made of. @see RFC 8032 section 5.1.5 */
  constructor(seed: Uint8Array) {
    this.#key = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: "der", type: "pkcs8" });
    const { x = "" } = createPublicKey(this.#key).export({ format: "jwk" });
    this.publicKey = new PublicKey(Buffer.from(x, "base64url"));
  }

  /** Returns the signature, 64 bytes. The same bytes have always the same. */
  sign(data: Uint8Array): Buffer {
    return sign(null, data, this.#key);
  }

  /** Returns what the key is made of; call it only where the key is written down. */
  revealSeed(): Buffer {
    return toSeed(this.#key);
  }

  toString(): string {
    return "[redacted]";
  }

  toJSON(): string {
    return "[redacted]";
  }

  [inspect.custom](): string {
    return "[redacted]";
  }
}

/** Makes a new key from the system's randomness. */
export function generateSigningKey(): SigningKey {
  return new SigningKey(toSeed(generateKeyPairSync("ed25519").privateKey));
}

/** Writes a key as ssh-keygen does, without a passphrase: whoever can read it can sign. */
export function toOpenSshPrivateKey(key: SigningKey, comment: string): string {
  return formatOpenSshPrivateKey({ seed: key.revealSeed(), publicKey: key.publicKey }, comment);
}

/**
 * Reads an Ed25519 key without a passphrase, as OpenSSH or as openssl (PKCS#8) writes it.
 *
 * @param where - Names the key in messages: a path, a variable.
 * @throws {SigningKeyError} it has a passphrase, is of another type, is a public key, or is no key.
 */
export function parseSigningKey(text: string, where: string): SigningKey {
  const trimmed = text.trim();
  const label = /^-----BEGIN ([A-Z0-9 ]+)-----/.exec(trimmed)?.[1];
  if (label === OPENSSH_LABEL) return parseOpenSsh(trimmed, where);
  if (label === "PRIVATE KEY") return parsePkcs8(trimmed, where);
  if (label?.startsWith("ENCRYPTED") || /^Proc-Type: 4,ENCRYPTED/m.test(trimmed)) throw toPassphraseError(where);
  if (label?.endsWith("PUBLIC KEY") || trimmed.startsWith("ssh-")) {
    throw new SigningKeyError(`a public key, where the private one is needed: ${where}`);
  }
  if (label?.endsWith("PRIVATE KEY")) throw toTypeError(label.slice(0, -" PRIVATE KEY".length), where);
  throw new SigningKeyError(`not a private key: ${where}`, { hint: TYPE_HINT });
}

function parseOpenSsh(text: string, where: string): SigningKey {
  const stated = readOpenSshPrivateKey(text);
  if (stated === "encrypted") throw toPassphraseError(where);
  if (stated === "damaged") throw new SigningKeyError(`a damaged OpenSSH private key: ${where}`);
  if ("type" in stated) throw toTypeError(stated.type, where);
  const key = new SigningKey(stated.seed);
  // A signature that is made with another public half than the key's own gives the secret away.
  if (key.publicKey.bytes.equals(stated.publicKey.bytes)) return key;
  throw new SigningKeyError(`a private key whose halves do not belong together: ${where}`);
}

function parsePkcs8(text: string, where: string): SigningKey {
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch (error) {
    throw new SigningKeyError(`a damaged private key: ${where}`, { cause: error });
  }
  if (key.asymmetricKeyType !== "ed25519") throw toTypeError(key.asymmetricKeyType ?? "unknown", where);
  return new SigningKey(toSeed(key));
}

function toSeed(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: "jwk" }).d ?? "", "base64url");
}

function toPassphraseError(where: string): SigningKeyError {
  return new SigningKeyError(`the private key has a passphrase: ${where}`, { hint: PASSPHRASE_HINT });
}

function toTypeError(type: string, where: string): SigningKeyError {
  // The name comes from the file, and goes to a terminal.
  const name = /^[\w@.+ -]{1,60}$/.test(type) ? type : "unknown";
  return new SigningKeyError(`a private key of type ${name}, not Ed25519: ${where}`, { hint: TYPE_HINT });
}
