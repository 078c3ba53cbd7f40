/** CRC-32 with polynomial 0x04c11db7, most significant bit first. Row n is n bytes further from the end. */
const TABLE = new Int32Array(8 * 256);
for (let byte = 0; byte < 256; byte += 1) {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  TABLE[byte] = crc;
}
for (let index = 256; index < TABLE.length; index += 1) {
  const before = TABLE[index - 256] ?? 0;
  TABLE[index] = (before << 8) ^ (TABLE[before >>> 24] ?? 0);
}

const CRC_FROM = 22;
const CRC_TO = 26;

/**
 * Tells whether a whole page at `position` fits its own checksum.
 *
 * @see RFC 3533 section 6, field 7: computed over the page with the checksum's own bytes set to zero
 */
export function fitsOggCrc(bytes: Buffer, position: number, pageBytes: number): boolean {
  const before = crc32(bytes, { from: position, to: position + CRC_FROM, seed: 0 });
  const zeroed = crc32(FOUR_ZEROS, { from: 0, to: FOUR_ZEROS.length, seed: before });
  const crc = crc32(bytes, { from: position + CRC_TO, to: position + pageBytes, seed: zeroed });
  return crc === bytes.readInt32LE(position + CRC_FROM);
}

const FOUR_ZEROS = Buffer.alloc(CRC_TO - CRC_FROM);

interface Span {
  readonly from: number;
  readonly to: number;
  readonly seed: number;
}

/** Eight bytes a step: a table look-up for each, none of which waits for another. */
function crc32(bytes: Buffer, { from, to, seed }: Span): number {
  let crc = seed;
  let at = from;
  for (const last = to - 8; at <= last; at += 8) {
    crc =
      (TABLE[1792 + ((bytes[at] ?? 0) ^ (crc >>> 24))] ?? 0) ^
      (TABLE[1536 + ((bytes[at + 1] ?? 0) ^ ((crc >>> 16) & 0xff))] ?? 0) ^
      (TABLE[1280 + ((bytes[at + 2] ?? 0) ^ ((crc >>> 8) & 0xff))] ?? 0) ^
      (TABLE[1024 + ((bytes[at + 3] ?? 0) ^ (crc & 0xff))] ?? 0) ^
      (TABLE[768 + (bytes[at + 4] ?? 0)] ?? 0) ^
      (TABLE[512 + (bytes[at + 5] ?? 0)] ?? 0) ^
      (TABLE[256 + (bytes[at + 6] ?? 0)] ?? 0) ^
      (TABLE[bytes[at + 7] ?? 0] ?? 0);
  }
  for (; at < to; at += 1) crc = (crc << 8) ^ (TABLE[(crc >>> 24) ^ (bytes[at] ?? 0)] ?? 0);
  return crc;
}
