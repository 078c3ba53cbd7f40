import { lstatSync } from "node:fs";
import { StorageUnavailableError, toStorageError } from "../io/errors.ts";
import type { StagedFile } from "../io/staged-file.ts";
import { walkNames } from "../io/walk-names.ts";
import { BAG_MARK, type ContainerWriterOptions } from "./container.ts";
import { readToPack } from "./read-to-pack.ts";
import { openTarWriter } from "./tar-writer.ts";
import { openZipWriter } from "./zip-writer.ts";

/** What packing a folder needs. */
export interface PackFolderOptions extends Omit<ContainerWriterOptions, "write"> {
  readonly form: "zip" | "tar";
  /** Gets the bytes, behind what was written to it before; the caller seals or discards it. */
  readonly into: Pick<StagedFile, "write">;
  readonly signal?: AbortSignal | undefined;
}

/** Large enough that the checksum, not the system calls, sets the pace. */
const BUFFER_BYTES = 1 << 20;

/**
 * Packs all files of a bag's folder into one file, `bagit.txt` first, by which a reader knows it from its first bytes, and the
 * others in the order of their names, whatever the disk's is. Folders come of the files in them: an empty one is lost.
 *
 * @throws {StorageUnavailableError} a file cannot be read, changes meanwhile, or is no file of its own.
 * @throws {StorageFullError} no space left.
 * @throws the reason of `signal` when it aborts.
 */
export async function packFolder(folder: string, options: PackFolderOptions): Promise<void> {
  const { form, into, rootName, modifiedAtMs, signal } = options;
  const write = (chunk: Uint8Array) => into.write(once(chunk), () => undefined);
  const writer = (form === "zip" ? openZipWriter : openTarWriter)({ rootName, modifiedAtMs, write });
  const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  for (const path of await listInOrder(folder)) {
    const fullPath = `${folder}/${path}`;
    await writer.add(path, toSizeBytes(fullPath), () => readToPack(fullPath, buffer, signal));
  }
  await writer.end();
}

function toSizeBytes(path: string): number {
  try {
    return lstatSync(path).size;
  } catch (error) {
    throw toStorageError(path, error);
  }
}

async function listInOrder(folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { path, isRegular } of walkNames(folder)) {
    if (!isRegular) throw new StorageUnavailableError(`is no file of its own: ${folder}/${path}`);
    paths.push(path);
  }
  return paths.sort((a, b) => Number(b === BAG_MARK) - Number(a === BAG_MARK) || (a < b ? -1 : 1));
}

async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}
