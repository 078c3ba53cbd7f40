declare const storageKeyBrand: unique symbol;
/** The name of an object: safe parts joined by `/`, relative to the storage's root. */
export type StorageKey = string & { readonly [storageKeyBrand]: true };

/**
 * Joins safe parts to a key.
 *
 * @throws a plain error for a part that is no safe name: such a key is a bug, outside names pass `toSafeName`.
 */
export function toStorageKey(...parts: readonly string[]): StorageKey {
  const key = parts.join("/");
  for (const part of key.split("/")) {
    if (part === "" || part === "." || part === "..") throw new Error(`internal error: not a storage key: ${key}`);
  }
  return key as StorageKey;
}
