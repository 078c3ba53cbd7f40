import { ContainerInvalidError } from "./errors.ts";
import type { FileWindow } from "./file-window.ts";
import type { ZipEntry } from "./zip-directory.ts";

const FIXED_BYTES = 30;

/** Size and checksum stand behind the bytes (section 4.4.4, bit 3). */
const HAS_DESCRIPTOR = 1 << 3;

/** What must be the same in both headers: whether it is encrypted, and {@link HAS_DESCRIPTOR}. */
const SAME_FLAGS = 1 | HAS_DESCRIPTOR;

const IN_ZIP64 = 0xffff_ffff;

/** With signature and without, with sizes of 32 bits and of 64 (section 4.3.9). */
const DESCRIPTOR_BYTES: readonly number[] = [12, 16, 20, 24];
const NO_DESCRIPTOR: readonly number[] = [0];

/** Where the bytes of a file lie. */
export interface ZipSpan {
  readonly startByte: number;
  readonly endByte: number;
  /** How many bytes may stand behind it that belong to it, too. */
  readonly tailBytes: readonly number[];
}

/** Gives the name in the header that stands first; undefined if there is none. */
export async function tryReadFirstName(window: FileWindow): Promise<string | undefined> {
  const header = await window.read(0, FIXED_BYTES);
  if (!isLocalHeader(header)) return undefined;
  return (await window.read(FIXED_BYTES, header.readUInt16LE(26))).toString();
}

/** Tells whether bytes begin as a zip file does that has something in it. */
export function isLocalHeader(bytes: Buffer): boolean {
  return bytes.length >= FIXED_BYTES && bytes.readUInt32LE() === 0x0403_4b50;
}

/**
 * Finds the bytes of a file by its local header, which must say the same as the central directory: programs differ in which of
 * the two they believe. That the bytes are all there is not looked at.
 *
 * @throws {ContainerInvalidError} it does not.
 * @see APPNOTE.TXT 6.3.10 section 4.3.7
 */
export async function readZipSpan(window: FileWindow, entry: ZipEntry): Promise<ZipSpan> {
  const fixed = Buffer.from(await window.read(entry.startByte, FIXED_BYTES));
  if (!isLocalHeader(fixed)) throw toError(window, entry, "has no header where it should begin");
  const nameBytes = fixed.readUInt16LE(26);
  const extraBytes = fixed.readUInt16LE(28);
  const names = await window.read(entry.startByte + FIXED_BYTES, nameBytes + extraBytes);
  const isSame =
    names.subarray(0, nameBytes).equals(entry.rawName) && isAsListed(entry, fixed, names.subarray(nameBytes));
  if (!isSame) throw toError(window, entry, "has a header that contradicts the directory");
  const startByte = entry.startByte + FIXED_BYTES + nameBytes + extraBytes;
  const endByte = startByte + entry.storedBytes;
  return { startByte, endByte, tailBytes: entry.flags & HAS_DESCRIPTOR ? DESCRIPTOR_BYTES : NO_DESCRIPTOR };
}

function isAsListed({ flags, method, crc32, sizeBytes }: ZipEntry, fixed: Buffer, extra: Buffer): boolean {
  const isSameKind = ((fixed.readUInt16LE(6) ^ flags) & SAME_FLAGS) === 0 && fixed.readUInt16LE(8) === method;
  const sizes = [22, 18].map((at) => fixed.readUInt32LE(at));
  const large = tryReadZip64Sizes(extra);
  const isSameSize = sizes.every((size, at) => (size === IN_ZIP64 ? large?.[at] : size) === sizeBytes);
  if (!isSameKind) return false;
  if (isSameSize && fixed.readUInt32LE(14) === crc32) return true;
  // Before the bytes nothing is known of them.
  return (flags & HAS_DESCRIPTOR) !== 0 && sizes.every((size) => size === 0 || size === IN_ZIP64);
}

function tryReadZip64Sizes(extra: Buffer): readonly number[] | undefined {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1 || at + 20 > extra.length) continue;
    return [extra.readBigUInt64LE(at + 4), extra.readBigUInt64LE(at + 12)].map(Number);
  }
  return undefined;
}

function toError({ path }: FileWindow, { name }: ZipEntry, what: string): ContainerInvalidError {
  return new ContainerInvalidError(`${what}: ${name} in ${path}`);
}
