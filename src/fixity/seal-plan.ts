import { MARKER_KEY } from "../archive/archive-key.ts";
import { ArchiveConflictError } from "../archive/errors.ts";
import { compareByteOrder } from "../checksum/byte-order.ts";
import { parseChecksumList } from "../checksum/checksum-list.ts";
import { NothingToDoError } from "../core/errors.ts";
import type { PlanFailure } from "../core/run-log.ts";
import { ConflictError, NotFoundError, StorageUnavailableError, toStorageError } from "../io/errors.ts";
import { findUpwards } from "../io/find-upwards.ts";
import { isThere } from "../io/is-there.ts";
import { walkNames } from "../io/walk-names.ts";
import { SealIncompleteError } from "./errors.ts";
import { toPlaces } from "./holdings/listed-place.ts";
import { loadRecord } from "./holdings/load-record.ts";
import { MANIFEST_FILE, SEAL_FILE } from "./holdings/record-names.ts";

/** What a seal will be of. */
export interface SealPlan {
  readonly folder: string;
  /** All files below the folder, from there on, in the order of their bytes. */
  readonly paths: readonly string[];
  /** What cannot be sealed; nothing will be while there is any. */
  readonly failures: readonly PlanFailure[];
}

/**
 * Finds what a seal of a folder is of: all files below it, hidden ones too. Reads none of them and changes nothing.
 *
 * @throws {NotFoundError | StorageUnavailableError} there is no such folder.
 * @throws {ConflictError | ArchiveConflictError} it is sealed, or lies in what has a record of its own.
 * @throws {NothingToDoError} it is empty.
 */
export async function planSeal(folder: string): Promise<SealPlan> {
  await refuseRecorded(folder);
  const { paths, failures } = await listSealable(folder);
  if (paths.length + failures.length === 0) throw new NothingToDoError(`nothing to seal: ${folder} holds no files`);
  if (failures.length === 0) await refuseOtherList(folder, paths);
  return { folder, paths, failures };
}

/** Lists what stands below a folder beside the seal's own files. */
export async function listSealable(folder: string): Promise<Pick<SealPlan, "paths" | "failures">> {
  const failures: PlanFailure[] = [];
  const paths: string[] = [];
  const onUnreadable = (path: string, error: unknown) => {
    if (path === (folder.replace(/\/+$/, "") || "/")) throw toFolderError(folder, error);
    failures.push({ subject: path, error: toStorageError(path, error) });
  };
  for await (const { path, isRegular } of walkNames(folder, onUnreadable)) {
    if (path === MANIFEST_FILE || path === SEAL_FILE) continue;
    const reason = isRegular
      ? await findNameProblem(folder, path, paths)
      : "it is no file of its own, such as a symbolic link or a pipe";
    if (reason === undefined) paths.push(path);
    else failures.push({ subject: toPlaces(folder).toPlace(path), error: new SealIncompleteError(reason) });
  }
  paths.sort(compareByteOrder);
  return { paths, failures };
}

function toFolderError(folder: string, error: unknown): unknown {
  const cause = toStorageError(folder, error);
  if (cause instanceof StorageUnavailableError)
    return new StorageUnavailableError(`not a folder that can be listed: ${folder}`, { cause });
  return cause;
}

/** Node puts U+FFFD for what is no UTF-8, and then finds nothing under the name, or a file that is really called so. */
async function findNameProblem(folder: string, path: string, known: readonly string[]): Promise<string | undefined> {
  if (!path.includes("\ufffd")) return undefined;
  const isReal = !known.includes(path) && (await isThere(toPlaces(folder).toPlace(path)));
  return isReal ? undefined : "its name is not UTF-8";
}

/** Two more files would be strays in what has a record already. */
async function refuseRecorded(folder: string): Promise<void> {
  const archive = await findUpwards(folder, MARKER_KEY);
  if (archive !== undefined) {
    const hint = `an archive keeps records of its own: \`holdfast verify --archive ${archive}\``;
    throw new ArchiveConflictError(`${folder} belongs to the archive ${archive}`, { hint });
  }
  const bag = await findUpwards(folder, "bagit.txt");
  if (bag !== undefined) {
    const hint = `a bag has manifests of its own: \`holdfast verify ${bag}\``;
    throw new ConflictError(`${folder} belongs to the BagIt bag ${bag}`, { hint });
  }
  const sealed = await findUpwards(folder, SEAL_FILE);
  if (sealed !== undefined) {
    const hint = `\`holdfast verify ${sealed}\`; to seal it anew, remove ${MANIFEST_FILE} and ${SEAL_FILE} from it`;
    throw new ConflictError(`already sealed: ${sealed}`, { hint });
  }
}

/**
 * A list without a seal is what a run leaves that was killed at its very end, or somebody else's. It may stay if it can
 * turn out to be what this run would write.
 */
async function refuseOtherList(folder: string, paths: readonly string[]): Promise<void> {
  const listPath = toPlaces(folder).toPlace(MANIFEST_FILE);
  const list = await tryLoadRecord(listPath);
  if (list === undefined) return;
  const { files, problems } = parseChecksumList(list);
  const isSame =
    problems.length === 0 &&
    files.length === paths.length &&
    files.every(({ path }, index) => toBare(path) === paths[index]);
  if (!isSame) throw toOtherListError(folder);
}

/** The list's spelling of a file that is called `-`. */
function toBare(path: string): string {
  return path === "./-" ? "-" : path;
}

async function tryLoadRecord(path: string): Promise<Uint8Array | undefined> {
  try {
    return await loadRecord(path);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/** Somebody's list stands where the seal's belongs. */
export function toOtherListError(folder: string): ConflictError {
  const hint = `\`holdfast verify ${folder}\` holds the folder against it; move it away to seal the folder as it is now`;
  return new ConflictError(`another list stands there: ${toPlaces(folder).toPlace(MANIFEST_FILE)}`, { hint });
}
