import type { KeyObject } from "node:crypto";
import { findLooseMode } from "../io/loose-mode.ts";
import { tryReadBoundedFile } from "../io/read-bounded-file.ts";
import { KeyInvalidError } from "./errors.ts";
import { parseKey } from "./parse-key.ts";

/** A key as text takes 66 bytes with its line break. */
const MAX_FILE_BYTES = 1024;

/**
 * Loads the operator's key from a file that its owner alone can use.
 *
 * @throws {KeyInvalidError} it cannot be read, others can use it too, or it holds no key.
 */
export async function loadKeyFile(path: string): Promise<KeyObject> {
  const [mode, bytes] = await Promise.all([findLooseMode(path), tryReadBoundedFile(path, MAX_FILE_BYTES)]).catch(
    (error: unknown) => {
      throw new KeyInvalidError(`cannot read the key file ${path}`, { cause: error });
    },
  );
  if (mode === undefined) return parseKey(bytes ?? new Uint8Array(), `the file ${path}`);
  const hint = `chmod 600 '${path}'; if others could read it until now, make a new key and rotate`;
  throw new KeyInvalidError(`others than its owner may use the key file (mode ${mode}): ${path}`, { hint });
}
