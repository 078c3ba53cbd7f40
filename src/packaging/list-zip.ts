import { type ContainerEntry, type Contents, ContentsDraft, isBagMark } from "./contents.ts";
import { ContainerInvalidError, ContainerUnsupportedError } from "./errors.ts";
import { type FileWindow, withFileWindow } from "./file-window.ts";
import { readZipDirectory, type ZipEntry } from "./zip-directory.ts";
import { readZipSpan, tryReadFirstName, type ZipSpan } from "./zip-local-header.ts";

/** Of Unix's mode, what tells the kind of a file, and two kinds (stat(2), inode(7)). */
const KIND = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;

/** What stands behind the central directory: its end, that of ZIP64, and a comment of any text (sections 4.3.14 to 4.3.16). */
const MAX_END_BYTES = 98 + 0xffff;

/**
 * Lists what lies in a zip file, by its central directory and the local headers, which must agree.
 *
 * @throws {ContainerInvalidError} it is damaged or cut short, or programs would find different things in it.
 * @throws {ContainerUnsupportedError} there is something in it that is compressed or encrypted.
 * @throws {StorageUnavailableError} it cannot be read.
 * @see APPNOTE.TXT 6.3.10
 */
export function listZip(path: string): Promise<Contents> {
  return withFileWindow(path, async (window) => {
    const draft = new ContentsDraft(path);
    const directory = await readZipDirectory(window);
    const gaps = new Gaps(window, draft);
    for (const entry of directory.entries.toSorted((a, b) => a.startByte - b.startByte)) {
      assertStored(entry, path);
      const span = await readZipSpan(window, entry);
      gaps.pass(entry.startByte, span);
      draft.add(toContainerEntry(entry, span));
    }
    gaps.end(directory);
    return draft.end();
  });
}

/** Tells whether there is a bag in a zip file, as far as it can be read. */
export function holdsBagInZip(path: string): Promise<boolean> {
  return withFileWindow(path, async (window) => {
    if (isBagMark((await tryReadFirstName(window)) ?? "")) return true;
    try {
      return (await readZipDirectory(window)).entries.some(({ name }) => isBagMark(name));
    } catch (error) {
      if (error instanceof ContainerInvalidError) return false;
      throw error;
    }
  });
}

function assertStored({ name, method, flags }: ZipEntry, path: string): void {
  const what = (flags & 1) !== 0 ? "encrypted" : method === 0 ? undefined : "compressed";
  if (what === undefined) return;
  throw new ContainerUnsupportedError(`is ${what}, and cannot be verified where it lies: ${name} in ${path}`);
}

function toContainerEntry({ name, mode }: ZipEntry, { startByte, endByte }: ZipSpan): ContainerEntry {
  const kind = mode & KIND;
  if (name.endsWith("/") || kind === FOLDER) return { name, kind: "folder", startByte, endByte };
  return { name, kind: kind === 0 || kind === REGULAR ? "regular" : "other", startByte, endByte };
}

/** Watches that files lie one behind the other, with nothing between them. */
class Gaps {
  readonly #window: FileWindow;
  readonly #draft: ContentsDraft;
  #at = 0;
  #tailBytes: readonly number[] = [0];

  constructor(window: FileWindow, draft: ContentsDraft) {
    this.#window = window;
    this.#draft = draft;
  }

  /** @throws {ContainerInvalidError} what begins there lies in what was passed before. */
  pass(startByte: number, { endByte, tailBytes }: Pick<ZipSpan, "endByte" | "tailBytes">): void {
    if (startByte < this.#at) {
      throw new ContainerInvalidError(`has files that lie in each other, at byte ${startByte}: ${this.#window.path}`);
    }
    if (!this.#tailBytes.includes(startByte - this.#at)) this.#note(startByte);
    this.#at = endByte;
    this.#tailBytes = tailBytes;
  }

  end({ startByte, endByte }: { readonly startByte: number; readonly endByte: number }): void {
    this.pass(startByte, { endByte, tailBytes: [0] });
    if (this.#window.sizeBytes - endByte > MAX_END_BYTES) this.#note(this.#window.sizeBytes);
  }

  #note(endByte: number): void {
    const message = `its bytes from ${this.#at} to ${endByte} belong to no file`;
    this.#draft.note({ kind: "unexpected", name: undefined, message });
  }
}
