import { randomUUID } from "node:crypto";
import { lstat, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { NotFoundError, toStorageError, toSystemCode } from "../io/errors.ts";
import { isThere } from "../io/is-there.ts";
import { makeFolder } from "../io/make-folder.ts";
import { PRIVATE } from "../io/permissions.ts";
import { tryReadBoundedFile } from "../io/read-bounded-file.ts";
import { STAGED_SUFFIX } from "../io/staged-file.ts";
import { replaceText } from "./replace-text.ts";

const MAX_NOTE_BYTES = 1 << 16;

/**
 * Notes for a ledger that lie beside it until somebody opens it: whoever leaves one needs neither the archive's lock nor its
 * key. What they say is not proven by anything.
 */
export class Inbox {
  readonly #folder: string;
  readonly #refusedFolder: string;

  /** @param folder - That of the ledger. */
  constructor(folder: string) {
    this.#folder = join(folder, "inbox");
    this.#refusedFolder = join(folder, "inbox-refused");
  }

  /**
   * Leaves a note, durably and at once or not at all; nobody else's has its name.
   *
   * @throws {StorageFullError} no space left.
   * @throws {StorageUnavailableError} nothing can be written there.
   */
  async leave(name: string, text: string): Promise<void> {
    await replaceText(join(this.#folder, name), text);
  }

  /**
   * Lists the names of the notes, in their order.
   *
   * @throws {StorageUnavailableError} they cannot be listed.
   */
  async list(): Promise<readonly string[]> {
    try {
      return (await readdir(this.#folder)).filter((name) => !name.endsWith(STAGED_SUFFIX)).sort();
    } catch (error) {
      if (toSystemCode(error) === "ENOENT") return [];
      throw toStorageError(this.#folder, error);
    }
  }

  /**
   * Reads a note; undefined for what is none: a folder, a link, a pipe, a file longer than any.
   *
   * @throws {StorageUnavailableError} it cannot be read.
   */
  async read(name: string): Promise<string | undefined> {
    const path = join(this.#folder, name);
    try {
      if (!(await lstat(path)).isFile()) return undefined;
      const bytes = await tryReadBoundedFile(path, MAX_NOTE_BYTES);
      return bytes && Buffer.from(bytes).toString();
    } catch (error) {
      const known = toStorageError(path, error);
      if (known instanceof NotFoundError) return undefined;
      throw known;
    }
  }

  /** Removes notes that were taken over. */
  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const path = join(this.#folder, name);
      await rm(path, { force: true }).catch((error: unknown) => {
        throw toStorageError(path, error);
      });
    }
  }

  /**
   * Moves away what cannot be taken over, so that nobody comes upon it again. What was moved before is not replaced.
   *
   * @returns where it lies now.
   */
  async setAside(name: string): Promise<string> {
    const wanted = join(this.#refusedFolder, name);
    const path = (await isThere(wanted)) ? join(this.#refusedFolder, toFreeName(name)) : wanted;
    try {
      await makeFolder(this.#refusedFolder, PRIVATE);
      await rename(join(this.#folder, name), path);
      return path;
    } catch (error) {
      throw toStorageError(path, error);
    }
  }
}

/** Shortens the name, which may be as long as a file system lets it be. */
function toFreeName(name: string): string {
  return `${name.slice(0, 64)}.${randomUUID()}`;
}
