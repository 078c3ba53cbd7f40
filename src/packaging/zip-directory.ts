import { isUtf8 } from "node:buffer";
import yauzl from "yauzl";
import { toSystemCode } from "../io/errors.ts";
import { ContainerInvalidError } from "./errors.ts";
import type { FileWindow } from "./file-window.ts";

/** A file as the central directory of a zip file has it. */
export interface ZipEntry {
  readonly name: string;
  readonly rawName: Buffer;
  /** Where its local header begins. */
  readonly startByte: number;
  readonly sizeBytes: number;
  readonly storedBytes: number;
  readonly crc32: number;
  readonly method: number;
  readonly flags: number;
  /** Unix's mode; 0 where it was made elsewhere. */
  readonly mode: number;
}

/** A central directory, read whole. */
export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  readonly startByte: number;
  readonly endByte: number;
}

/** "Version made by", upper byte (APPNOTE.TXT section 4.4.2.2). */
const UNIX = 3;

/**
 * Reads the central directory of a zip file. What it says was not compared with what it speaks of.
 *
 * @throws {ContainerInvalidError} it is not there, or cannot be read.
 */
export async function readZipDirectory(window: FileWindow): Promise<ZipDirectory> {
  try {
    const reader = new WindowReader(window);
    const zip = await yauzl.fromRandomAccessReaderPromise(reader, window.sizeBytes, { decodeStrings: false });
    // A number, whatever its types say: where the next entry begins.
    const startByte = Number(zip.readEntryCursor);
    const entries: ZipEntry[] = [];
    for await (const entry of zip.eachEntry()) entries.push(toZipEntry(entry));
    return { entries, startByte, endByte: Number(zip.readEntryCursor) };
  } catch (error) {
    if (toSystemCode(error) !== undefined) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ContainerInvalidError(`has no directory that can be read: ${window.path}: ${reason}`, { cause: error });
  }
}

function toZipEntry(entry: yauzl.Entry): ZipEntry {
  const { fileNameRaw, generalPurposeBitFlag } = entry;
  const isUnix = entry.versionMadeBy >> 8 === UNIX;
  return {
    // Unix's programs write the bytes of a name as they are, in UTF-8 nearly always, and may not say so.
    name: isUnix && isUtf8(fileNameRaw) ? fileNameRaw.toString() : toName(entry),
    rawName: Buffer.from(fileNameRaw),
    startByte: entry.relativeOffsetOfLocalHeader,
    sizeBytes: entry.uncompressedSize,
    storedBytes: entry.compressedSize,
    crc32: entry.crc32,
    method: entry.compressionMethod,
    flags: generalPurposeBitFlag,
    mode: isUnix ? entry.externalFileAttributes >>> 16 : 0,
  };
}

function toName({ generalPurposeBitFlag, fileNameRaw, extraFields }: yauzl.Entry): string {
  return yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
}

/** Gives yauzl the few bytes that it asks for, without a stream for each. */
class WindowReader extends yauzl.RandomAccessReader {
  readonly #window: FileWindow;

  constructor(window: FileWindow) {
    super();
    this.#window = window;
  }

  override read(...[buffer, offset, length, position, callback]: Parameters<yauzl.RandomAccessReader["read"]>): void {
    this.#window.read(position, length).then((bytes) => {
      bytes.copy(buffer, offset);
      callback(bytes.length < length ? new Error("unexpected end of the file") : null);
    }, callback);
  }
}
