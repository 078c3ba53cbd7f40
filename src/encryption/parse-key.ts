import { createSecretKey, type KeyObject } from "node:crypto";
import { KEY_BYTES } from "./data-key.ts";
import { KeyInvalidError } from "./errors.ts";

const KEY_HINT = "make one with: (umask 077; openssl rand -hex 32 > FILE)";

/** Of 32 random bytes, not one set in 10^13 is all text. */
const PRINTABLE_ASCII = /^[\x20-\x7e\t\r\n]*$/;

/**
 * Reads a key of 256 bits: 64 hexadecimal digits or the base64 of 32 bytes, with any white space around, or 32 bytes as they are.
 * 32 bytes of text are no key: they are half of one in hexadecimal, or a password.
 *
 * @param source - Where it is from, for the message.
 * @throws {KeyInvalidError} it is none of these.
 */
export function parseKey(bytes: Uint8Array, source: string): KeyObject {
  const text = Buffer.from(bytes).toString("latin1");
  if (!PRINTABLE_ASCII.test(text)) return toKey(bytes, source);
  const trimmed = text.trim();
  return toKey(decodeKey(trimmed), source);
}

function decodeKey(text: string): Uint8Array {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, "hex");
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : new Uint8Array();
}

function toKey(bytes: Uint8Array, source: string): KeyObject {
  if (bytes.length === KEY_BYTES) return createSecretKey(bytes);
  const message = `${source} holds no key: 64 hexadecimal digits, or the base64 of 32 bytes, or 32 random bytes`;
  throw new KeyInvalidError(message, { hint: KEY_HINT });
}
