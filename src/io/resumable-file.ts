import { closeSync, fdatasync, openSync, readdirSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { toStorageError, toSystemCode } from "./errors.ts";
import { PRIVATE } from "./permissions.ts";

/** The end of a name that a later run may go on with. */
export const RESUMABLE_SUFFIX = ".partial";

const BUFFER_BYTES = 1 << 20;

const sync = promisify(fdatasync);

/** The first bytes of a file that an earlier attempt, or an earlier run, has left. */
export interface HeldFile {
  readonly path: string;
  /** What the bytes belong to, as it was given to {@link ResumableFile.create}. */
  readonly validator: string;
  /** At least 1. */
  readonly sizeBytes: number;
}

/**
 * A file in the making, for its owner alone, that survives the process: it lies at `STEM.VALIDATOR.partial`, where the
 * validator says which bytes it is the beginning of. The name tells it, and not a note beside the file, because making a
 * second file for each of many small ones costs more than all else that is done for them.
 *
 * All but {@link sync} is done at once: it is meant for a thread that does nothing but this, where the way to the thread pool and
 * back takes longer than the write.
 */
export class ResumableFile {
  readonly path: string;
  readonly #file: number;

  private constructor(path: string, flags: "w" | "a") {
    this.path = path;
    this.#file = guarded(path, () => openSync(path, flags, PRIVATE.fileMode));
  }

  /**
   * Begins a file anew. The folder must be there.
   *
   * @throws {StorageFullError} no space left.
   */
  static create(stem: string, validator: string): ResumableFile {
    return new ResumableFile(toPath(stem, validator), "w");
  }

  /** Goes on behind the bytes that are there. */
  static continue({ path }: HeldFile): ResumableFile {
    return new ResumableFile(path, "a");
  }

  /** @throws {StorageFullError} no space left. */
  append(chunk: Uint8Array): void {
    guarded(this.path, () => {
      for (let offset = 0; offset < chunk.length; ) offset += writeSync(this.#file, chunk, offset);
    });
  }

  /**
   * Brings the bytes to disk.
   *
   * @throws {StorageFullError} no space left.
   */
  async sync(): Promise<void> {
    try {
      await sync(this.#file);
    } catch (error) {
      throw toStorageError(this.path, error);
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Finds what is held for a stem, if its validator is one that `accepts`; what is held for another is removed. */
export function takeHeldFile(stem: string, accepts: (validator: string) => boolean): HeldFile | undefined {
  let taken: HeldFile | undefined;
  for (const name of listNames(dirname(stem))) {
    const validator = tryToValidator(name, basename(stem));
    if (validator === undefined) continue;
    const path = join(dirname(stem), name);
    const { size: sizeBytes } = guarded(path, () => statSync(path));
    if (taken === undefined && sizeBytes > 0 && accepts(validator)) taken = { path, validator, sizeBytes };
    else removeHeldFile({ path });
  }
  return taken;
}

/** Removes what nobody is to go on with. */
export function removeHeldFile({ path }: Pick<HeldFile, "path">): void {
  guarded(path, () => rmSync(path, { force: true }));
}

/** Gives the name that a held file's stem ends with. */
export function toHeldName(fileName: string): string {
  return fileName.slice(0, -RESUMABLE_SUFFIX.length).replace(/\.[^.]*$/, "");
}

/** Reads a file through one buffer: each chunk is good only until the next is asked for. */
export function* readHeldBytes({ path, sizeBytes }: HeldFile): Generator<Uint8Array> {
  const file = guarded(path, () => openSync(path, "r"));
  try {
    const buffer = Buffer.allocUnsafe(Math.min(BUFFER_BYTES, sizeBytes));
    for (;;) {
      const bytesRead = guarded(path, () => readSync(file, buffer, 0, buffer.length, null));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    closeSync(file);
  }
}

function toPath(stem: string, validator: string): string {
  return `${stem}.${validator}${RESUMABLE_SUFFIX}`;
}

/** A validator holds no dot, so that `rec_1` does not take what is held for `rec_1.a`. */
function tryToValidator(name: string, stemName: string): string | undefined {
  if (!name.startsWith(`${stemName}.`) || !name.endsWith(RESUMABLE_SUFFIX)) return undefined;
  const validator = name.slice(stemName.length + 1, -RESUMABLE_SUFFIX.length);
  return validator.includes(".") ? undefined : validator;
}

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (toSystemCode(error) === "ENOENT") return [];
    throw toStorageError(folder, error);
  }
}

function guarded<T>(path: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw toStorageError(path, error);
  }
}
