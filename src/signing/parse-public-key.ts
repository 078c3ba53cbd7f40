import { createPublicKey, type KeyObject } from "node:crypto";
import { SigningKeyError } from "./errors.ts";
import { PublicKey } from "./public-key.ts";
import { tryFindSshKey, trySplitSshLine } from "./ssh-line.ts";
import { tryParseVerifierKey } from "./verifier-key.ts";

const HINT = "give an ssh-ed25519 line, as in a .pub file, a PEM public key (Ed25519), or a verifier key name+hash+key";

/**
 * Reads an Ed25519 public key: a line of a `.pub`, `authorized_keys` or `allowed_signers` file, SubjectPublicKeyInfo in PEM,
 * or the verifier key of a signed note. Empty lines and those that begin with `#` do not count.
 *
 * @param where - Names the key in messages.
 * @throws {SigningKeyError} it is of another type, is more than one key, is a private key, or is none.
 */
export function parsePublicKey(text: string, where: string): PublicKey {
  const trimmed = text.trim();
  if (trimmed.startsWith("-----BEGIN PUBLIC KEY-----")) return parsePem(trimmed, where);
  if (/^-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(trimmed)) {
    throw new SigningKeyError(`a private key, where the public one is needed: ${where}`, { hint: HINT });
  }
  const lines = trimmed.split(/\r?\n/).filter((line) => !/^\s*(#|$)/.test(line));
  const [line = ""] = lines;
  if (lines.length > 1) throw new SigningKeyError(`more than one line, where one key is needed: ${where}`);
  const publicKey = tryParseVerifierKey(line.trim())?.publicKey ?? tryParseSshLine(line, where);
  if (publicKey === undefined) throw new SigningKeyError(`not a public key: ${where}`, { hint: HINT });
  return publicKey;
}

function tryParseSshLine(line: string, where: string): PublicKey | undefined {
  const found = tryFindSshKey(trySplitSshLine(line) ?? []);
  if (found !== undefined && !found.isSupported) throw toTypeError(found.type, where);
  return found?.publicKey;
}

function parsePem(text: string, where: string): PublicKey {
  let key: KeyObject;
  try {
    key = createPublicKey(text);
  } catch (error) {
    throw new SigningKeyError(`a damaged public key: ${where}`, { cause: error });
  }
  if (key.asymmetricKeyType !== "ed25519") throw toTypeError(key.asymmetricKeyType ?? "unknown", where);
  return new PublicKey(Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url"));
}

function toTypeError(type: string, where: string): SigningKeyError {
  return new SigningKeyError(`a public key of type ${type}, not Ed25519: ${where}`, { hint: HINT });
}
