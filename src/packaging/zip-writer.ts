import { crc32 } from "node:zlib";
import { UnsafeNameError } from "../core/errors.ts";
import type { ContainerWriter, ContainerWriterOptions } from "./container.ts";
import { toPackError, withSize } from "./packed-chunks.ts";
import { toCentralHeader, toLocalHeader, toZipEnd, type ZipRecord } from "./zip-record.ts";

/** Records that are kept as one piece: small pieces of memory cost several times their bytes. */
const RECORDS_IN_PAGE = 1000;

/** The field for its length has 16 bits. */
const MAX_NAME_BYTES = 0xffff;

/**
 * Opens a writer of a zip file in which everything is stored as it is, with ZIP64 where it is needed, and where each file's size
 * and checksum stand before its bytes. Memory is one chunk, and about 100 bytes for each file.
 *
 * Equal files give equal bytes, wherever and whenever: times are in UTC.
 *
 * @see APPNOTE.TXT 6.3.10
 */
export function openZipWriter(options: ContainerWriterOptions): ContainerWriter {
  return new ZipWriter(options);
}

class ZipWriter implements ContainerWriter {
  readonly #options: ContainerWriterOptions;
  readonly #pages: Buffer[] = [];
  #page: Buffer[] = [];
  #entries = 0;
  #writtenBytes = 0;

  constructor(options: ContainerWriterOptions) {
    this.#options = options;
  }

  async add(path: string, sizeBytes: number, read: () => AsyncIterable<Uint8Array>): Promise<void> {
    const { rootName, modifiedAtMs } = this.#options;
    const name = `${rootName}/${path}`;
    if (Buffer.byteLength(name) > MAX_NAME_BYTES) throw new UnsafeNameError(`too long for a zip file: ${name}`);
    const checksum = await toChecksum(withSize(path, sizeBytes, read()));
    const record = { name, sizeBytes, crc32: checksum, modifiedAtMs, startByte: this.#writtenBytes };
    await this.#write(toLocalHeader(record));
    let found = 0;
    for await (const chunk of withSize(path, sizeBytes, read())) {
      found = crc32(chunk, found);
      await this.#write(chunk);
    }
    if (found !== checksum) throw toPackError(path);
    this.#keep(record);
  }

  async end(): Promise<void> {
    const startByte = this.#writtenBytes;
    for (const piece of [...this.#pages, ...this.#page]) await this.#write(piece);
    await this.#write(toZipEnd({ entries: this.#entries, startByte, endByte: this.#writtenBytes }));
  }

  #keep(record: ZipRecord): void {
    this.#entries += 1;
    this.#page.push(toCentralHeader(record));
    if (this.#page.length < RECORDS_IN_PAGE) return;
    this.#pages.push(Buffer.concat(this.#page));
    this.#page = [];
  }

  async #write(chunk: Uint8Array): Promise<void> {
    await this.#options.write(chunk);
    this.#writtenBytes += chunk.length;
  }
}

async function toChecksum(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let checksum = 0;
  for await (const chunk of chunks) checksum = crc32(chunk, checksum);
  return checksum;
}
