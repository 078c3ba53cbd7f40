import { assertRegularFile } from "../../io/assert-regular-file.ts";
import { StorageUnavailableError } from "../../io/errors.ts";
import { tryReadBoundedFile } from "../../io/read-bounded-file.ts";

/** Node's longest text has 2^29 − 24 characters. */
const MAX_RECORD_BYTES = 500 << 20;

/**
 * Reads a whole record of files, however many it names.
 *
 * @throws {NotFoundError} there is none.
 * @throws {StorageUnavailableError} it is no regular file, cannot be read, or has more than 500 MiB.
 */
export async function loadRecord(path: string): Promise<Uint8Array> {
  await assertRegularFile(path);
  const bytes = await tryReadBoundedFile(path, MAX_RECORD_BYTES);
  if (bytes === undefined) throw new StorageUnavailableError(`more than ${MAX_RECORD_BYTES} bytes: ${path}`);
  return bytes;
}
