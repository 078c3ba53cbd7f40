import { basename, dirname, posix, resolve } from "node:path";
import { MARKER_KEY } from "../archive/archive-key.ts";
import { ArchiveConflictError } from "../archive/errors.ts";
import { compareByteOrder } from "../checksum/byte-order.ts";
import type { PlanFailure } from "../core/run-log.ts";
import { StorageUnavailableError, toStorageError } from "../io/errors.ts";
import { findUpwards } from "../io/find-upwards.ts";
import { loadPathKind } from "../io/path-kind.ts";
import { seeFile } from "../io/seen-file.ts";
import { walkFiles } from "../io/walk-files.ts";

/** A file that no archive knows. */
export interface PlainFile {
  /** As it was given, or found below a folder that was. */
  readonly path: string;
  /** From the folder that was given on, its own name first; the bare name of a file that was given itself. */
  readonly relativePath: string;
  readonly sizeBytes: number;
}

/** All files that arguments stand for. */
export interface PlainFiles {
  readonly files: readonly PlainFile[];
  /** What is there and cannot be exported: nothing of a folder is left out unsaid. */
  readonly failures: readonly PlanFailure[];
}

/**
 * Lists files and folders with all that is in them, in the order of their names. A file that is given itself may be reached through
 * a symbolic link; in a folder one is a failure, and so is all else that is no file.
 *
 * @throws {ArchiveConflictError} one lies in an archive, whose recordings are exported with what is known of them. Of a folder in
 *   which an archive lies this is a failure: its ledger and its catalogue tell of all that it has.
 */
export async function listPlainFiles(paths: readonly string[]): Promise<PlainFiles> {
  const files: PlainFile[] = [];
  const failures: PlanFailure[] = [];
  for (const path of paths) {
    await assertOutsideArchives(path);
    try {
      await listPath(path, { files, failures });
    } catch (error) {
      failures.push({ subject: path, error });
    }
  }
  return { files, failures };
}

interface Gathered {
  readonly files: PlainFile[];
  readonly failures: PlanFailure[];
}

async function listPath(path: string, gathered: Gathered): Promise<void> {
  const kind = await loadPathKind(path);
  if (kind === "folder") return listFolder(path.replace(/(?<=.)\/+$/, ""), gathered);
  if (kind === "other") throw toNoFile(path);
  const { sizeBytes } = await seeFile(path, path);
  gathered.files.push({ path, relativePath: basename(path), sizeBytes });
}

async function listFolder(folder: string, { files, failures }: Gathered): Promise<void> {
  const found: PlainFile[] = [];
  const onUnreadable = (path: string, error: unknown) => {
    failures.push({ subject: path, error: toStorageError(path, error) });
  };
  for await (const { path, sizeBytes, isRegular } of walkFiles(folder, onUnreadable)) {
    const full = `${folder}/${path}`;
    if (basename(path) === MARKER_KEY) throw toArchiveConflict(`there is an archive in it: ${dirname(full)}`);
    if (isRegular) found.push({ path: full, relativePath: posix.join(basename(resolve(folder)), path), sizeBytes });
    else failures.push({ subject: full, error: toNoFile(full) });
  }
  for (const file of found.sort((a, b) => compareByteOrder(a.path, b.path))) files.push(file);
}

function toNoFile(path: string): StorageUnavailableError {
  return new StorageUnavailableError(`is no file of its own, such as a symbolic link or a pipe: ${path}`, {
    hint: "take it away, or name the files one by one",
  });
}

async function assertOutsideArchives(path: string): Promise<void> {
  const archive = await findUpwards(dirname(path), MARKER_KEY);
  if (archive !== undefined) throw toArchiveConflict(`lies in the archive ${archive}: ${path}`);
}

function toArchiveConflict(message: string): ArchiveConflictError {
  return new ArchiveConflictError(message, {
    hint: "export its recordings with what is known of them: --archive with --recording, --call-id or --hold",
  });
}
