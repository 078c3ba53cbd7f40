import type { FlacInfo } from "./flac-info.ts";

/** The longest header: four fixed bytes, a number in seven, a block size and a rate in two each, the CRC. */
export const MAX_FLAC_HEADER_BYTES = 16;

/** CRC-8 with polynomial 0x07, most significant bit first. */
const CRC8_TABLE = Uint8Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ ((crc & 0x80) === 0 ? 0 : 0x07);
  return crc;
});

/** By code; 0 leaves it to STREAMINFO, 12 to 14 put it behind the number, 15 is not allowed. */
const RATES_HZ = [0, 88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000];

/** By code; 0 leaves it to STREAMINFO, 3 is reserved. */
const SAMPLE_BITS = [0, 8, 12, -1, 16, 20, 24, 32];

/** What the header of a FLAC frame says. */
export interface FlacFrameHeader {
  /** Number of the frame's first sample in the stream. */
  readonly firstSample: number;
  readonly blockSamples: number;
}

/**
 * Reads the frame header at a position.
 *
 * @returns undefined when there is none that fits its checksum and the stream that it is to be part of.
 * @see RFC 9639 section 9.1
 */
export function tryParseFlacHeader(bytes: Buffer, position: number, info: FlacInfo): FlacFrameHeader | undefined {
  // The shortest header has a number of one byte.
  if (position + 6 > bytes.length) return undefined;
  const fixed = bytes.readUInt32BE(position);
  if (fixed >>> 17 !== SYNC || (fixed & 1) !== 0 || !isOfStream(fixed, info)) return undefined;
  const blockCode = (fixed >>> 12) & 0x0f;
  const rateCode = (fixed >>> 8) & 0x0f;
  const numberAt = position + 4;
  const blockAt = numberAt + toNumberBytes(bytes.readUInt8(numberAt));
  const rateAt = blockAt + (blockCode === 6 ? 1 : blockCode === 7 ? 2 : 0);
  const crcAt = rateAt + (rateCode < 12 ? 0 : rateCode === 12 ? 1 : 2);
  if (crcAt >= bytes.length || crc8(bytes, position, crcAt) !== bytes.readUInt8(crcAt)) return undefined;
  const number = tryReadNumber(bytes, numberAt, blockAt);
  const blockSamples = toBlockSamples(blockCode, readTail(bytes, blockAt, rateAt));
  if (number === undefined || blockSamples === 0) return undefined;
  if (rateCode !== 0 && toRateHz(rateCode, readTail(bytes, rateAt, crcAt)) !== info.sampleRateHz) return undefined;
  return { firstSample: (fixed & VARIABLE) === 0 ? number * info.blockSamples : number, blockSamples };
}

/** 14 bits of sync and a zero. */
const SYNC = 0x7ffc;
/** Blocks differ in size, and are numbered by their first sample. */
const VARIABLE = 0x10000;

function isOfStream(fixed: number, { channels, bitsPerSample }: FlacInfo): boolean {
  const channelCode = (fixed >>> 4) & 0x0f;
  const bitsCode = (fixed >>> 1) & 0x07;
  // Codes 8 to 10 are stereo, coded as one side or the middle, and the difference.
  const isChannels = channelCode < 8 ? channelCode + 1 === channels : channelCode < 11 && channels === 2;
  return isChannels && (bitsCode === 0 || SAMPLE_BITS[bitsCode] === bitsPerSample);
}

/** A number is written as UTF-8 writes a character, in up to seven bytes; one in 0 bytes is none. */
function toNumberBytes(first: number): number {
  const ones = Math.clz32(~(first << 24));
  if (ones === 0) return 1;
  return ones === 1 || ones === 8 ? 0 : ones;
}

function tryReadNumber(bytes: Buffer, from: number, to: number): number | undefined {
  if (from === to) return undefined;
  const lead = bytes.readUInt8(from);
  let number = to - from === 1 ? lead : lead & (0x7f >>> (to - from));
  for (let at = from + 1; at < to; at += 1) {
    const byte = bytes.readUInt8(at);
    if (byte >>> 6 !== 2) return undefined;
    number = number * 64 + (byte & 0x3f);
  }
  return number;
}

function readTail(bytes: Buffer, from: number, to: number): number {
  return from === to ? 0 : bytes.readUIntBE(from, to - from);
}

function toBlockSamples(code: number, tail: number): number {
  if (code === 0) return 0;
  if (code === 1) return 192;
  if (code === 6 || code === 7) return tail + 1;
  return code < 6 ? 576 << (code - 2) : 256 << (code - 8);
}

function toRateHz(code: number, tail: number): number {
  if (code < 12) return RATES_HZ[code] ?? 0;
  return code === 15 ? 0 : tail * (code === 12 ? 1000 : code === 13 ? 1 : 10);
}

function crc8(bytes: Buffer, from: number, to: number): number {
  let crc = 0;
  for (let at = from; at < to; at += 1) crc = CRC8_TABLE[crc ^ bytes.readUInt8(at)] ?? 0;
  return crc;
}
