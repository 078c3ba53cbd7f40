import { isProtected, type MpegFormat, sideInfoBytes } from "./mpeg-header.ts";

/** CRC-16 with polynomial 0x8005, most significant bit first. */
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ ((crc & 0x8000) === 0 ? 0 : 0x8005);
  return crc;
});

/**
 * Tells whether a whole Layer III frame fits the CRC behind its header; true for a frame that has none.
 *
 * The CRC covers the second half of the header and the side information, not the audio data.
 *
 * @see ISO/IEC 11172-3 clause 2.4.3.1
 */
export function fitsMpegCrc(frame: Buffer, format: MpegFormat): boolean {
  if (format.layer !== 3 || !isProtected(frame.readUInt32BE(0))) return true;
  const end = 6 + sideInfoBytes(format);
  if (frame.length < end) return true;
  let crc = 0xffff;
  for (let at = 2; at < end; at = at === 3 ? 6 : at + 1) {
    crc = ((crc << 8) ^ (TABLE[(crc >>> 8) ^ (frame[at] ?? 0)] ?? 0)) & 0xffff;
  }
  return crc === frame.readUInt16BE(4);
}
