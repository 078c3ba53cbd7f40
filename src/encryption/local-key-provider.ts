import { hkdfSync, type KeyObject } from "node:crypto";
import { type DataKey, KEY_BYTES, unwrapKey, wrapKey } from "./data-key.ts";
import { KeyMismatchError } from "./errors.ts";
import type { KeyProvider } from "./key-provider.ts";

const KEY_ID_BYTES = 8;

/** Wraps with a key that this process has, by RFC 3394: 40 bytes that any language can unwrap with the key. */
export class LocalKeyProvider implements KeyProvider {
  readonly keyId: string;
  readonly #key: KeyObject;

  /** @param keyId - What the operator calls the key. @default derived from it */
  constructor(key: KeyObject, keyId: string = toKeyId(key)) {
    this.#key = key;
    this.keyId = keyId;
  }

  async wrap(dataKey: DataKey): Promise<string> {
    return wrapKey(dataKey, this.#key).toString("base64");
  }

  async unwrap(wrapped: string, keyId: string): Promise<DataKey> {
    if (keyId !== this.keyId) {
      throw new KeyMismatchError(`the data key was wrapped with key ${keyId}, and this is key ${this.keyId}`);
    }
    const dataKey = unwrapKey(Buffer.from(wrapped, "base64"), this.#key);
    if (dataKey.symmetricKeySize !== KEY_BYTES) throw new KeyMismatchError("what was wrapped is no data key");
    return dataKey;
  }
}

/**
 * Derives a name from a key: 16 hexadecimal digits of HKDF-SHA-256 with a purpose of its own. Whoever has a key can tell that
 * it is this one; of a random key the name gives nothing away.
 *
 * @see RFC 5869 section 2
 */
function toKeyId(key: KeyObject): string {
  return Buffer.from(hkdfSync("sha256", key, "", "holdfast key id", KEY_ID_BYTES)).toString("hex");
}
