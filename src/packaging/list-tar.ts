import { type ContainerEntry, type Contents, ContentsDraft, isBagMark } from "./contents.ts";
import { ContainerInvalidError, ContainerUnsupportedError } from "./errors.ts";
import { type FileWindow, withFileWindow } from "./file-window.ts";
import { tryParsePaxRecords } from "./pax-records.ts";
import { BLOCK_BYTES, isZeros, type TarHeader, toPaddingBytes, tryParseTarHeader } from "./tar-header.ts";

/** A path of more has no use. */
const MAX_EXTENSION_BYTES = 1 << 20;

/**
 * Lists what lies in a tar file, by its headers alone: contents are passed over. Reads ustar, pax and GNU's long names.
 *
 * @throws {ContainerInvalidError} a header is damaged, the file is cut short, or programs would find different things in it.
 * @throws {ContainerUnsupportedError} there is something in it that is not stored as it is.
 * @throws {StorageUnavailableError} it cannot be read.
 * @see POSIX.1-2017 pax; GNU tar manual, "Basic Tar Format"
 */
export function listTar(path: string): Promise<Contents> {
  return withFileWindow(path, async (window) => {
    const draft = new ContentsDraft(path);
    const walk = new TarWalk(window);
    for await (const entry of walk.entries()) draft.add(entry);
    await walk.noteEnd(draft);
    return draft.end();
  });
}

/** Tells whether there is a bag in a tar file, as far as it can be read. */
export function holdsBagInTar(path: string): Promise<boolean> {
  return withFileWindow(path, async (window) => {
    try {
      for await (const { name } of new TarWalk(window).entries()) if (isBagMark(name)) return true;
    } catch (error) {
      if (!(error instanceof ContainerInvalidError || error instanceof ContainerUnsupportedError)) throw error;
    }
    return false;
  });
}

/** Goes from header to header. */
class TarWalk {
  readonly #window: FileWindow;
  #at = 0;
  /** What headers before it say of the next entry. */
  #next: { name?: string; sizeBytes?: number } = {};

  constructor(window: FileWindow) {
    this.#window = window;
  }

  async *entries(): AsyncGenerator<ContainerEntry> {
    for (let header = await this.#readHeader(); header !== undefined; header = await this.#readHeader()) {
      const { type } = header;
      const isExtension = EXTENSIONS.includes(type);
      const sizeBytes = isExtension ? header.sizeBytes : (this.#next.sizeBytes ?? header.sizeBytes);
      if (sizeBytes === undefined) throw this.#toError("a size that cannot be read");
      const startByte = this.#at + BLOCK_BYTES;
      const endByte = startByte + sizeBytes;
      if (endByte > this.#window.sizeBytes) throw this.#toError("a file that goes beyond the end: it was cut short");
      const name = this.#next.name ?? header.name;
      if (isExtension) await this.#readExtension(type, { startByte, endByte });
      else {
        this.#next = {};
        yield { name, kind: this.#toKind({ ...header, name, sizeBytes }), startByte, endByte };
      }
      this.#at = endByte + toPaddingBytes(sizeBytes);
    }
  }

  /** Notes an end without its mark, and what stands behind it. */
  async noteEnd(draft: ContentsDraft): Promise<void> {
    const { sizeBytes } = this.#window;
    if (this.#at + 2 * BLOCK_BYTES > sizeBytes) {
      const message = "the two blocks of zeros that end it are not there: it may have been cut short";
      draft.note({ kind: "truncated", name: undefined, message });
    }
    for (let at = this.#at; at < sizeBytes; at += MAX_EXTENSION_BYTES) {
      if (isZeros(await this.#window.read(at, MAX_EXTENSION_BYTES))) continue;
      const message = "behind its end stand bytes that belong to no file";
      return draft.note({ kind: "trailing-data", name: undefined, message });
    }
  }

  /** Gives undefined at the end. */
  async #readHeader(): Promise<TarHeader | undefined> {
    const block = await this.#window.read(this.#at, BLOCK_BYTES);
    if (block.length < BLOCK_BYTES && block.length > 0) throw this.#toError("less than a block: it was cut short");
    if (isZeros(block)) return undefined;
    const header = tryParseTarHeader(block);
    if (header === undefined) throw this.#toError("no header where one should be: it is damaged");
    return header;
  }

  async #readExtension(type: string, { startByte, endByte }: { startByte: number; endByte: number }): Promise<void> {
    if (endByte - startByte > MAX_EXTENSION_BYTES) throw this.#toError("a header that is too long");
    const bytes = await this.#window.read(startByte, endByte - startByte);
    if (type === "L") this.#next = { ...this.#next, name: bytes.toString("utf8").replace(/\0.*$/s, "") };
    if (type === "x" || type === "g") this.#takePax(type, bytes);
  }

  #takePax(type: string, bytes: Buffer): void {
    const records = tryParsePaxRecords(bytes);
    if (records === undefined) throw this.#toError("a pax header that cannot be read");
    const [name, size] = [records.get("path"), records.get("size")];
    if (type === "g" && (name ?? size) !== undefined) throw this.#toError("one name or size for all files");
    if ([...records.keys()].some((key) => key.startsWith("GNU.sparse."))) throw this.#toUnsupported("sparse files");
    if (size !== undefined && !/^\d{1,15}$/.test(size)) throw this.#toError("a size that cannot be read");
    this.#next = {
      ...this.#next,
      ...(name !== undefined && { name }),
      ...(size !== undefined && { sizeBytes: Number(size) }),
    };
  }

  #toKind({ type, name, sizeBytes }: TarHeader): ContainerEntry["kind"] {
    const isFolder = type === "5" || (type === "0" && name.endsWith("/"));
    if (!isFolder && (type === "0" || type === "7")) return "regular";
    if (!isFolder && !LINKS_AND_DEVICES.includes(type))
      throw this.#toUnsupported(`entries of type ${JSON.stringify(type)}`);
    // Some programs pass over these bytes, to others the next header begins here.
    if (sizeBytes !== 0) throw this.#toError("something with contents that should have none");
    return isFolder ? "folder" : "other";
  }

  #toError(what: string): ContainerInvalidError {
    return new ContainerInvalidError(`at byte ${this.#at} is ${what}: ${this.#window.path}`);
  }

  #toUnsupported(what: string): ContainerUnsupportedError {
    return new ContainerUnsupportedError(`has ${what}, which cannot be verified where they lie: ${this.#window.path}`);
  }
}

/** What says something of the next entry: pax, and GNU's long names. */
const EXTENSIONS: readonly string[] = ["x", "g", "L", "K"];

const LINKS_AND_DEVICES: readonly string[] = ["1", "2", "3", "4", "6"];
