import { basename, dirname } from "node:path";
import { PRIVATE } from "../io/permissions.ts";
import { StagedFile } from "../io/staged-file.ts";

/**
 * Writes a small file, for its owner alone and durably; under its name stands the old text or the whole new one, also after
 * a crash.
 *
 * @throws {StorageFullError} no space left.
 * @throws {StorageUnavailableError} any other failure of the file system.
 */
export async function replaceText(path: string, text: string | Uint8Array): Promise<void> {
  const staged = new StagedFile(dirname(path), basename(path), PRIVATE);
  try {
    await staged.write(once(text), () => undefined);
    await staged.commit(path, { overwrite: true });
  } finally {
    await staged.discard();
  }
}

async function* once(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof text === "string" ? Buffer.from(text) : text;
}
