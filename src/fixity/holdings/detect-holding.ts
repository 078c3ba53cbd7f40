import { basename, dirname } from "node:path";
import { MARKER_KEY } from "../../archive/archive-key.ts";
import { parseChecksumList } from "../../checksum/checksum-list.ts";
import { StorageUnavailableError } from "../../io/errors.ts";
import { isThere } from "../../io/is-there.ts";
import { loadPathKind } from "../../io/path-kind.ts";
import { readFileChunks } from "../../io/read-file.ts";
import { holdsBag } from "../../packaging/list-container.ts";
import { NoRecordError } from "../errors.ts";
import { toPlaces } from "./listed-place.ts";
import { LIST_NAMES, SEAL_FILE } from "./record-names.ts";

/** What a path stands for that is to be verified. */
export type DetectedHolding =
  | { readonly kind: "archive" | "seal"; readonly folder: string }
  /** A folder, or a zip or tar file that has one in it. */
  | { readonly kind: "bag"; readonly path: string }
  /** With `root`, all that is in that folder must be in the list. */
  | { readonly kind: "list"; readonly listPath: string; readonly root: string | undefined }
  | { readonly kind: "file"; readonly path: string };

/** Enough for a list's first lines to be known. */
const HEAD_BYTES = 64 << 10;

/**
 * Tells what a path stands for: a folder by the record that is in it, a file by whether it is such a record, or a zip or tar file
 * with a bag in it.
 *
 * @throws {NoRecordError} a folder in which nothing says what must be there.
 * @throws {NotFoundError} nothing has that name.
 * @throws {StorageUnavailableError} it cannot be looked at.
 */
export async function detectHolding(path: string): Promise<DetectedHolding> {
  const kind = await loadPathKind(path);
  if (kind === "folder") return detectFolder(path);
  if (basename(path) === SEAL_FILE) return { kind: "seal", folder: dirname(path) };
  if (kind === "regular" && (await looksLikeList(path))) return { kind: "list", listPath: path, root: undefined };
  return { kind: kind === "regular" && (await looksLikeBag(path)) ? "bag" : "file", path };
}

async function detectFolder(folder: string): Promise<DetectedHolding> {
  const { toPlace } = toPlaces(folder);
  if (await isThere(toPlace(SEAL_FILE))) return { kind: "seal", folder };
  if (await isThere(toPlace("bagit.txt"))) return { kind: "bag", path: folder };
  if (await isThere(toPlace(MARKER_KEY))) return { kind: "archive", folder };
  for (const name of LIST_NAMES) {
    const listPath = toPlace(name);
    if (await isThere(listPath)) return { kind: "list", listPath, root: folder };
  }
  throw new NoRecordError(`nothing in ${folder} says what must be there`, {
    hint: `\`holdfast seal ${folder}\` records what is there now; --manifest names a list that lies elsewhere`,
  });
}

async function looksLikeBag(path: string): Promise<boolean> {
  return toldLater(() => holdsBag(path));
}

/** A text that names a file here and there is no list; one that is signed, and so begins and ends with other lines, is. */
async function looksLikeList(path: string): Promise<boolean> {
  return toldLater(async () => {
    const { files, problems } = parseChecksumList(await loadHead(path));
    return files.length > 0 && files.length >= problems.length;
  });
}

async function toldLater(look: () => Promise<boolean>): Promise<boolean> {
  try {
    return await look();
  } catch (error) {
    // That it cannot be read is for the verification to tell.
    if (error instanceof StorageUnavailableError) return false;
    throw error;
  }
}

/** Gives whole lines, if there are any. */
async function loadHead(path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const span = { startByte: 0, endByte: HEAD_BYTES };
  for await (const chunk of readFileChunks(path, undefined, span)) chunks.push(Uint8Array.from(chunk));
  const head = Buffer.concat(chunks);
  const end = head.lastIndexOf("\n");
  return head.length < HEAD_BYTES || end === -1 ? head : head.subarray(0, end);
}
