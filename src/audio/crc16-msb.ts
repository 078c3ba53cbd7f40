/** CRC-16: x^16 + x^15 + x^2 + 1, most significant bit first. Row n is n bytes further from the end. */
const TABLE = new Uint16Array(8 * 256);
for (let byte = 0; byte < 256; byte += 1) {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ ((crc & 0x8000) === 0 ? 0 : 0x8005);
  TABLE[byte] = crc;
}
for (let index = 256; index < TABLE.length; index += 1) {
  const before = TABLE[index - 256] ?? 0;
  TABLE[index] = (before << 8) ^ (TABLE[before >>> 8] ?? 0);
}

/** Which bytes to run over, and the CRC of those before them. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly seed: number;
}

/**
 * Computes the CRC of MPEG audio and of FLAC frames, eight bytes a step; 0 over bytes that end with their own CRC when the seed is 0.
 *
 * @see ISO/IEC 11172-3 clause 2.4.3.1, RFC 9639 section 9.3
 */
export function crc16Msb(bytes: Uint8Array, { from, to, seed }: Span): number {
  let crc = seed;
  let at = from;
  for (const last = to - 8; at <= last; at += 8) {
    crc =
      (TABLE[1792 + ((bytes[at] ?? 0) ^ (crc >>> 8))] ?? 0) ^
      (TABLE[1536 + ((bytes[at + 1] ?? 0) ^ (crc & 0xff))] ?? 0) ^
      (TABLE[1280 + (bytes[at + 2] ?? 0)] ?? 0) ^
      (TABLE[1024 + (bytes[at + 3] ?? 0)] ?? 0) ^
      (TABLE[768 + (bytes[at + 4] ?? 0)] ?? 0) ^
      (TABLE[512 + (bytes[at + 5] ?? 0)] ?? 0) ^
      (TABLE[256 + (bytes[at + 6] ?? 0)] ?? 0) ^
      (TABLE[bytes[at + 7] ?? 0] ?? 0);
  }
  for (; at < to; at += 1) crc = ((crc << 8) & 0xffff) ^ (TABLE[(crc >>> 8) ^ (bytes[at] ?? 0)] ?? 0);
  return crc;
}
