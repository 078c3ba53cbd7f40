/** What a zip file says of one file in it. */
export interface ZipRecord {
  /** From the top of the zip file on, with forward slashes. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly crc32: number;
  readonly modifiedAtMs: number;
  /** Where the file's local header begins. */
  readonly startByte: number;
}

/** From this on a field of 32 or 16 bits refers to one of 64 (section 4.4.1.4). */
const MAX_32 = 0xffff_ffff;
const MAX_16 = 0xffff;

/** 2.0 for what lies in folders, 4.5 for ZIP64 (section 4.4.3.2). */
const VERSION = 20;
const ZIP64_VERSION = 45;

/** Unix, so that the upper half of the external attributes is a mode (section 4.4.2). */
const MADE_BY = (3 << 8) | ZIP64_VERSION;

/** Names are UTF-8 (section 4.4.4, bit 11). */
const FLAGS = 1 << 11;

/** A regular file that its owner can write and all can read. */
const MODE = 0o100644;

const [FIRST_YEAR, LAST_YEAR] = [1980, 2107];

/**
 * Writes the header that stands before a file's bytes.
 *
 * @see APPNOTE.TXT 6.3.10 section 4.3.7
 */
export function toLocalHeader(record: ZipRecord): Buffer {
  const { sizeBytes } = record;
  const isLarge = sizeBytes >= MAX_32;
  const extra = isLarge ? toZip64Extra([sizeBytes, sizeBytes]) : Buffer.alloc(0);
  const header = Buffer.alloc(4);
  header.writeUInt32LE(0x0403_4b50);
  return Buffer.concat([header, toCommonFields(record, isLarge, extra), Buffer.from(record.name), extra]);
}

/**
 * Writes a file's header of the central directory.
 *
 * @see APPNOTE.TXT 6.3.10 section 4.3.12
 */
export function toCentralHeader(record: ZipRecord): Buffer {
  const { sizeBytes, startByte } = record;
  const sizes = sizeBytes >= MAX_32 ? [sizeBytes, sizeBytes] : [];
  const large = startByte >= MAX_32 ? [...sizes, startByte] : sizes;
  const extra = large.length > 0 ? toZip64Extra(large) : Buffer.alloc(0);
  const head = Buffer.alloc(6);
  head.writeUInt32LE(0x0201_4b50);
  head.writeUInt16LE(MADE_BY, 4);
  // No comment, one disk, no internal attributes.
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(MODE * 0x1_0000, 6);
  rest.writeUInt32LE(Math.min(startByte, MAX_32), 10);
  const common = toCommonFields(record, large.length > 0, extra);
  return Buffer.concat([head, common, rest, Buffer.from(record.name), extra]);
}

/** Where a central directory lies, and how much is in it. */
export interface CentralDirectory {
  readonly entries: number;
  readonly startByte: number;
  readonly endByte: number;
}

/**
 * Writes what stands behind the central directory.
 *
 * @see APPNOTE.TXT 6.3.10 sections 4.3.14 to 4.3.16
 */
export function toZipEnd({ entries, startByte, endByte }: CentralDirectory): Buffer {
  const sizeBytes = endByte - startByte;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50);
  end.writeUInt16LE(Math.min(entries, MAX_16), 8);
  end.writeUInt16LE(Math.min(entries, MAX_16), 10);
  end.writeUInt32LE(Math.min(sizeBytes, MAX_32), 12);
  end.writeUInt32LE(Math.min(startByte, MAX_32), 16);
  const isLarge = entries >= MAX_16 || sizeBytes >= MAX_32 || startByte >= MAX_32;
  return isLarge ? Buffer.concat([toZip64End({ entries, startByte, endByte }), end]) : end;
}

function toZip64End({ entries, startByte, endByte }: CentralDirectory): Buffer {
  const end = Buffer.alloc(76);
  end.writeUInt32LE(0x0606_4b50);
  // All of this record behind this field.
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(MADE_BY, 12);
  end.writeUInt16LE(ZIP64_VERSION, 14);
  end.writeBigUInt64LE(BigInt(entries), 24);
  end.writeBigUInt64LE(BigInt(entries), 32);
  end.writeBigUInt64LE(BigInt(endByte - startByte), 40);
  end.writeBigUInt64LE(BigInt(startByte), 48);
  end.writeUInt32LE(0x0706_4b50, 56);
  end.writeBigUInt64LE(BigInt(endByte), 64);
  end.writeUInt32LE(1, 72);
  return end;
}

/** The fields that both headers have, from the needed version to the length of the extra field. */
function toCommonFields({ name, sizeBytes, crc32, modifiedAtMs }: ZipRecord, isLarge: boolean, extra: Buffer): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(isLarge ? ZIP64_VERSION : VERSION);
  fields.writeUInt16LE(FLAGS, 2);
  fields.writeUInt32LE(toDosTime(modifiedAtMs), 6);
  fields.writeUInt32LE(crc32, 10);
  fields.writeUInt32LE(Math.min(sizeBytes, MAX_32), 14);
  fields.writeUInt32LE(Math.min(sizeBytes, MAX_32), 18);
  fields.writeUInt16LE(Buffer.byteLength(name), 22);
  fields.writeUInt16LE(extra.length, 24);
  return fields;
}

function toZip64Extra(values: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(1);
  extra.writeUInt16LE(8 * values.length, 2);
  for (const [index, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
  return extra;
}

/** The format has the local time of wherever it was made; UTC gives the same bytes everywhere (section 4.4.6). */
function toDosTime(timeMs: number): number {
  const time = new Date(timeMs);
  const year = Math.min(Math.max(time.getUTCFullYear(), FIRST_YEAR), LAST_YEAR) - FIRST_YEAR;
  const day = (year << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate();
  const second = (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1);
  return day * 0x1_0000 + second;
}
