import { Readable } from "node:stream";
import type { StorageKey } from "../core/storage-key.ts";
import type { Storage } from "../storage/storage.ts";

/**
 * Reads a small text of an archive whole.
 *
 * @throws {NotFoundError} there is none.
 */
export async function readText(storage: Storage, key: StorageKey): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of storage.read(key)) chunks.push(Uint8Array.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * Writes a small text, in place of any that stands under the key; it is on disk when it returns.
 *
 * @param options.overwrite - Whether one that stands there may be replaced. @default true
 * @throws {ConflictError} something stands there, and it may not.
 */
export async function writeText(
  storage: Storage,
  key: StorageKey,
  text: string,
  { overwrite = true }: { readonly overwrite?: boolean } = {},
): Promise<void> {
  const staged = storage.stage("record");
  try {
    await staged.write(Readable.from([Buffer.from(text)]), () => undefined);
    await staged.commit(key, { overwrite });
  } finally {
    await staged.discard();
  }
}
