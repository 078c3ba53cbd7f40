import type { Contents } from "./contents.ts";
import { ContainerInvalidError } from "./errors.ts";
import { withFileWindow } from "./file-window.ts";
import { holdsBagInTar, listTar } from "./list-tar.ts";
import { holdsBagInZip, listZip } from "./list-zip.ts";
import { BLOCK_BYTES, tryParseTarHeader } from "./tar-header.ts";
import { isLocalHeader } from "./zip-local-header.ts";

/**
 * Tells from its bytes whether a file is a zip or tar file with a bag in it. Of one that is damaged this can be told where the
 * bag's declaration stands before the damage.
 *
 * @throws {StorageUnavailableError} it cannot be read.
 */
export async function holdsBag(path: string): Promise<boolean> {
  const form = await trySniff(path);
  if (form === undefined) return false;
  return form === "zip" ? holdsBagInZip(path) : holdsBagInTar(path);
}

/**
 * Lists what lies in a zip or tar file, without unpacking it.
 *
 * @throws {ContainerInvalidError} it is neither, is damaged, or programs would find different things in it.
 * @throws {ContainerUnsupportedError} there is something in it that is not stored as it is.
 * @throws {StorageUnavailableError} it cannot be read.
 */
export async function listContainer(path: string): Promise<Contents> {
  const form = await trySniff(path);
  if (form === undefined) throw new ContainerInvalidError(`is neither a zip nor a tar file: ${path}`);
  return form === "zip" ? listZip(path) : listTar(path);
}

function trySniff(path: string): Promise<"zip" | "tar" | undefined> {
  return withFileWindow(path, async (window) => {
    const head = await window.read(0, BLOCK_BYTES);
    if (isLocalHeader(head)) return "zip";
    return head.length === BLOCK_BYTES && tryParseTarHeader(head) !== undefined ? "tar" : undefined;
  });
}
