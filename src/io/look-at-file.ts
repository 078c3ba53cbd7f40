import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";
import type { FileTrace } from "../core/verification.ts";
import { toSystemCode } from "./errors.ts";
import type { ByteSpan } from "./read-file.ts";

/** What a look at a path has shown. */
export type FileSight =
  | { readonly kind: "regular"; readonly trace: FileTrace }
  | { readonly kind: "absent" }
  | { readonly kind: "other"; readonly what: "symbolic link" | "folder" | "pipe" | "socket" | "device" }
  | { readonly kind: "unreadable"; readonly reason: string };

/** Where the bytes of a file go. */
export interface FileReading {
  /** Each chunk lies here; it is used again for the next. */
  readonly buffer: Buffer;
  /** Called before each chunk is read, with the bytes that it should have; what it throws ends the look. */
  readonly beforeChunk: (chunkBytes: number) => void;
  /** Called with each chunk, which is good until it returns, and with the size of all that is read. */
  readonly onChunk: (chunk: Buffer, sizeBytes: number) => void;
}

/** A name that led to a file may lead to a link or a pipe when it is opened: neither is followed or waited for. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Inodes and nanoseconds do not fit a double. What is not there costs no error with a stack. */
const EXACTLY = { bigint: true, throwIfNoEntry: false } as const;

const ABSENT: FileSight = { kind: "absent" };

const CUT_SHORT = "the file that it lies in ends before it does";

/**
 * Looks at what stands under a path and, with a `reading`, at its bytes from the first to the last. Synchronous, for threads
 * that do nothing else; one descriptor is open at a time. With a `span` only that part of the file is read, and the trace has
 * its size beside the file's inode and time of change.
 *
 * What cannot be read is told, not thrown, and so is a file that changes while it is read, as far as the file system shows it:
 * by its length and by the times of its last changes, of which some systems have a few each second only.
 *
 * @throws what the functions of `reading` throw.
 */
export function lookAtFile(path: string, reading?: FileReading, span?: ByteSpan): FileSight {
  // No file can have such a name, and Node would take it for a mistake of ours.
  if (path.includes("\0")) return ABSENT;
  try {
    if (reading !== undefined) return readThrough(path, reading, span);
    const stats = lstatSync(path, EXACTLY);
    return stats === undefined ? ABSENT : toSightOf(stats, span);
  } catch (error) {
    return toSight(error);
  }
}

function toSightOf(stats: BigIntStats, span: ByteSpan | undefined): FileSight {
  if (!stats.isFile()) return toOther(stats);
  if (span !== undefined && span.endByte > stats.size) return toUnreadable(CUT_SHORT);
  return toRegular(stats, span);
}

/** What is open is what counts, so the name is only looked at if it cannot be opened: looking costs as much as opening. */
function readThrough(path: string, reading: FileReading, span: ByteSpan | undefined): FileSight {
  let descriptor: number;
  try {
    descriptor = openSync(path, OPEN_FLAGS);
  } catch (error) {
    const stats = lstatSync(path, EXACTLY);
    if (stats?.isFile()) throw error;
    return stats === undefined ? ABSENT : toOther(stats);
  }
  try {
    const before = fstatSync(descriptor, EXACTLY);
    const sight = toSightOf(before, span);
    if (sight.kind !== "regular") return sight;
    const { sizeBytes } = sight.trace;
    const readBytes = readChunks({ descriptor, startByte: span?.startByte, sizeBytes }, reading);
    if (!isUnchanged(before, fstatSync(descriptor, EXACTLY))) return toUnreadable("changed while it was read");
    if (readBytes !== sizeBytes) return toUnreadable("gives more or fewer bytes than its size says");
    return sight;
  } finally {
    closeSync(descriptor);
  }
}

/** What is read of an open file: all of it, or a part. */
interface OpenPart {
  readonly descriptor: number;
  /** Undefined for all of it. */
  readonly startByte: number | undefined;
  readonly sizeBytes: number;
}

/** Reads to the end that the size tells, and of a whole file a little beyond if there is more; gives how many bytes there were. */
function readChunks(part: OpenPart, { buffer, beforeChunk, onChunk }: FileReading): number {
  const { descriptor, startByte, sizeBytes } = part;
  let readBytes = 0;
  do {
    const leftBytes = Math.min(buffer.length, sizeBytes - readBytes);
    beforeChunk(leftBytes);
    const isPart = startByte !== undefined;
    const wantedBytes = isPart ? leftBytes : buffer.length;
    const chunkBytes = readSync(descriptor, buffer, 0, wantedBytes, isPart ? startByte + readBytes : null);
    if (chunkBytes === 0) break;
    readBytes += chunkBytes;
    onChunk(buffer.subarray(0, chunkBytes), sizeBytes);
  } while (readBytes < sizeBytes);
  return readBytes;
}

function isUnchanged(before: BigIntStats, after: BigIntStats): boolean {
  return before.size === after.size && before.mtimeNs === after.mtimeNs && before.ctimeNs === after.ctimeNs;
}

function toRegular({ size, ino, mtimeNs }: BigIntStats, span: ByteSpan | undefined): FileSight {
  const sizeBytes = span === undefined ? Number(size) : span.endByte - span.startByte;
  return { kind: "regular", trace: { sizeBytes, inode: String(ino), modifiedNs: String(mtimeNs) } };
}

function toOther(stats: BigIntStats): FileSight {
  if (stats.isSymbolicLink()) return { kind: "other", what: "symbolic link" };
  if (stats.isDirectory()) return { kind: "other", what: "folder" };
  if (stats.isFIFO()) return { kind: "other", what: "pipe" };
  return { kind: "other", what: stats.isSocket() ? "socket" : "device" };
}

function toUnreadable(reason: string): FileSight {
  return { kind: "unreadable", reason };
}

/** Anything but a refusal of the system is thrown on. */
function toSight(error: unknown): FileSight {
  const code = toSystemCode(error);
  if (code === "ENOENT" || code === "ENOTDIR") return ABSENT;
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) throw error;
  return toUnreadable(code);
}
