import { type FileHandle, open } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { ConflictError, toStorageError, toSystemCode } from "../io/errors.ts";
import { syncPath } from "../io/make-folder.ts";
import { PRIVATE } from "../io/permissions.ts";
import { StagedFile } from "../io/staged-file.ts";
import { toTextPieces } from "../io/text-pieces.ts";
import { SigningKeyError } from "./errors.ts";
import { generateSigningKey, parseSigningKey, type SigningKey, toOpenSshPrivateKey } from "./signing-key.ts";

const MAX_KEY_FILE_BYTES = 64 * 1024;
const COMMENT = "holdfast";
const MISSING_KEY_HINT =
  "HOLDFAST_LEDGER_KEY_FILE names the key that has signed until now, if another user keeps it; if it is lost, see Keys in docs/ledger.md";

/**
 * Loads the key from a file that only its owner can read.
 *
 * @param options.missingHint - What to do where it is not there. @default that of the ledger's key
 * @throws {SigningKeyError} it is not there or cannot be read; others can read it, which ssh does not accept either; or it
 * is no key that can be used.
 */
export async function loadSigningKey(
  path: string,
  { missingHint = MISSING_KEY_HINT }: { readonly missingHint?: string } = {},
): Promise<SigningKey> {
  const key = await tryLoadSigningKey(path);
  if (key === undefined) throw new SigningKeyError(`there is no signing key: ${path}`, { hint: missingHint });
  return key;
}

/**
 * Loads the key, or makes it if there is none: a file for its owner alone, on disk before this returns. Of processes that
 * make it at the same time all get the same key, where the file system has hard links.
 *
 * @throws {SigningKeyError} what is there cannot be used.
 * @throws {StorageFullError | StorageUnavailableError} it cannot be written; nothing is left of it.
 */
export async function loadOrMakeSigningKey(path: string): Promise<SigningKey> {
  const found = await tryLoadSigningKey(path);
  if (found !== undefined) return found;
  const key = generateSigningKey();
  const file = new StagedFile(dirname(path), basename(path), PRIVATE);
  try {
    await file.write(toTextPieces([toOpenSshPrivateKey(key, COMMENT)]), () => undefined);
    await file.commit(path);
    return key;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
  } finally {
    await file.discard();
  }
  return loadFinished(path);
}

/** Loads what another process made first; the file's name may not be on disk yet. */
async function loadFinished(path: string): Promise<SigningKey> {
  const key = await loadSigningKey(path);
  try {
    await syncPath(dirname(path));
  } catch (error) {
    throw toStorageError(path, error);
  }
  return key;
}

async function tryLoadSigningKey(path: string): Promise<SigningKey | undefined> {
  const text = await readOwnFile(path).catch((error: unknown) => {
    if (error instanceof SigningKeyError) throw error;
    if (toSystemCode(error) === "ENOENT") return undefined;
    throw new SigningKeyError(`cannot read the signing key: ${path}`, { cause: error });
  });
  return text === undefined ? undefined : parseSigningKey(text, path);
}

async function readOwnFile(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    await assertPrivate(path, file);
    const text = await tryReadAll(file);
    if (text === undefined) throw new SigningKeyError(`too long for a signing key: ${path}`);
    return text;
  } finally {
    await file.close();
  }
}

/** Reads what there is, from a pipe too; undefined when it is more than a key. */
async function tryReadAll(file: FileHandle): Promise<string | undefined> {
  const buffer = Buffer.alloc(MAX_KEY_FILE_BYTES + 1);
  let sizeBytes = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, sizeBytes, buffer.length - sizeBytes, null);
    if (bytesRead === 0) break;
    sizeBytes += bytesRead;
  }
  return sizeBytes > MAX_KEY_FILE_BYTES ? undefined : buffer.toString("utf8", 0, sizeBytes);
}

/** What belongs to another user, as a mounted secret does, this one could not make private: ssh reads it too. */
async function assertPrivate(path: string, file: FileHandle): Promise<void> {
  const stats = await file.stat();
  if (stats.isDirectory()) throw new SigningKeyError(`a folder, not a signing key: ${path}`);
  const { mode, uid } = stats;
  if (uid !== process.getuid?.() || (mode & 0o077) === 0) return;
  throw new SigningKeyError(`others can read the signing key: ${path}`, { hint: `chmod 600 ${path}` });
}
