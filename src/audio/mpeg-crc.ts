import { crc16Msb } from "./crc16-msb.ts";
import { isProtected, type MpegFormat, sideInfoBytes } from "./mpeg-header.ts";

/**
 * Tells whether a whole Layer III frame fits the CRC behind its header; true for a frame that has none.
 *
 * The CRC covers the second half of the header and the side information, not the audio data.
 *
 * @see ISO/IEC 11172-3 clause 2.4.3.1
 */
export function fitsMpegCrc(frame: Buffer, format: MpegFormat): boolean {
  if (format.layer !== 3 || !isProtected(frame.readUInt32BE(0))) return true;
  const to = 6 + sideInfoBytes(format);
  if (frame.length < to) return true;
  const ofHeader = crc16Msb(frame, { from: 2, to: 4, seed: 0xffff });
  return crc16Msb(frame, { from: 6, to, seed: ofHeader }) === frame.readUInt16BE(4);
}
