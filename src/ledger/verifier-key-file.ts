import { NotFoundError } from "../io/errors.ts";
import { tryReadBoundedFile } from "../io/read-bounded-file.ts";
import type { LedgerPaths } from "./ledger-paths.ts";
import { replaceText } from "./replace-text.ts";

const MAX_KEY_BYTES = 4096;

/** Reads the verifier key that lies beside the ledger, where anybody may have put it; undefined when none does. */
export async function tryLoadVerifierKey({ verifierKey: path }: LedgerPaths): Promise<string | undefined> {
  try {
    const bytes = await tryReadBoundedFile(path, MAX_KEY_BYTES);
    return bytes === undefined ? undefined : Buffer.from(bytes).toString().trim();
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/** Puts the key that signs from now on beside the ledger, unless it is there. */
export async function storeVerifierKey(paths: LedgerPaths, verifierKey: string): Promise<void> {
  if ((await tryLoadVerifierKey(paths)) === verifierKey) return;
  await replaceText(paths.verifierKey, `${verifierKey}\n`);
}
