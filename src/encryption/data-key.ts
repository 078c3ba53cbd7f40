import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { KeyMismatchError } from "./errors.ts";

/**
 * The key of one recording: 256 random bits that are nowhere in the clear on disk. As a `KeyObject` it shows itself neither in
 * a log nor in JSON, and can be handed to a thread.
 */
export type DataKey = KeyObject;

/** The length of a data key and of the key that wraps it. */
export const KEY_BYTES = 32;

/** The least that can be wrapped are two blocks of eight bytes, to which one is added. */
const MIN_WRAPPED_BYTES = 24;

/** @see RFC 3394 section 2.2.3.1 */
const INITIAL_VALUE = Buffer.alloc(8, 0xa6);

/** Makes a key that nobody else has. */
export function makeDataKey(): DataKey {
  return createSecretKey(randomBytes(KEY_BYTES));
}

/**
 * Wraps a key with another: AES key wrap, eight bytes longer than the key, the same each time.
 *
 * @see RFC 3394 section 2.2.1
 */
export function wrapKey(key: KeyObject, wrappingKey: KeyObject): Buffer {
  const cipher = createCipheriv(toCipherName(wrappingKey), wrappingKey, INITIAL_VALUE);
  return Buffer.concat([cipher.update(key.export()), cipher.final()]);
}

/**
 * Unwraps what {@link wrapKey} made; its integrity is checked on the way.
 *
 * @throws {KeyMismatchError} it was wrapped with another key, or changed since.
 * @see RFC 3394 section 2.2.2
 */
export function unwrapKey(wrapped: Uint8Array, wrappingKey: KeyObject): KeyObject {
  const decipher = createDecipheriv(toCipherName(wrappingKey), wrappingKey, INITIAL_VALUE);
  try {
    // OpenSSL unwraps nothing to nothing.
    if (wrapped.length < MIN_WRAPPED_BYTES) throw new Error("too short");
    return createSecretKey(Buffer.concat([decipher.update(wrapped), decipher.final()]));
  } catch (error) {
    throw new KeyMismatchError("the data key was wrapped with another key, or was changed", { cause: error });
  }
}

function toCipherName({ symmetricKeySize = 0 }: KeyObject): string {
  return `id-aes${symmetricKeySize * 8}-wrap`;
}
