import { noise, uint32be } from "./bytes.ts";

/** Blocks of 256 samples, 16 kHz, mono, 16 bits, uncoded: RFC 9639 sections 9.1 and 9.2.2. */
export const FLAC_BLOCK_SAMPLES = 256;
export const FLAC_RATE_HZ = 16000;
export const FLAC_FRAME_BYTES = 6 + 1 + 2 * FLAC_BLOCK_SAMPLES + 2;

/** A CRC with its most significant bit first, one bit at a time. */
function crcBitByBit(bytes: Uint8Array, bits: 8 | 16, polynomial: number): number {
  const top = 1 << (bits - 1);
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << (bits - 8);
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ ((crc & top) === 0 ? 0 : polynomial)) & (2 * top - 1);
  }
  return crc;
}

/** Writes the number of a frame, up to 2^16. */
function coded(number: number): Buffer {
  if (number < 0x80) return Buffer.from([number]);
  if (number < 0x800) return Buffer.from([0xc0 | (number >>> 6), 0x80 | (number & 0x3f)]);
  return Buffer.from([0xe0 | (number >>> 12), 0x80 | ((number >>> 6) & 0x3f), 0x80 | (number & 0x3f)]);
}

export interface FlacFrameShape {
  /** Number by samples, not by blocks. */
  readonly isVariable?: boolean;
  readonly samples?: Uint8Array;
  /** Codes of block size, rate, channels and bits. */
  readonly codes?: number;
}

/** One frame that decodes to 256 samples of noise. */
export function flacFrame(number: number, shape: FlacFrameShape = {}): Buffer {
  const { isVariable = false, samples, codes = 0x8508 } = shape;
  const coding = coded(isVariable ? number * FLAC_BLOCK_SAMPLES : number);
  const fields = Buffer.concat([Buffer.from([0xff, isVariable ? 0xf9 : 0xf8, codes >>> 8, codes & 0xff]), coding]);
  const header = Buffer.concat([fields, Buffer.from([crcBitByBit(fields, 8, 0x07)])]);
  const body = samples ?? noise(2 * FLAC_BLOCK_SAMPLES, number + 1);
  const frame = Buffer.concat([header, Buffer.from([0x02]), body]);
  const footer = Buffer.alloc(2);
  footer.writeUInt16BE(crcBitByBit(frame, 16, 0x8005));
  return Buffer.concat([frame, footer]);
}

export function flacFrames(count: number, first = 0, shape: FlacFrameShape = {}): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) => flacFrame(first + index, shape));
}

/** A metadata block. */
export function flacBlock(type: number, body: Uint8Array, isLast = false): Buffer {
  return Buffer.concat([uint32be((isLast ? 0x80000000 : 0) + type * 0x1000000 + body.length), body]);
}

/** What stands before the frames: STREAMINFO and a comment; 0 is an unknown number of samples. */
export function flacHead(totalSamples: number): Buffer {
  const info = Buffer.alloc(34);
  info.writeUInt16BE(FLAC_BLOCK_SAMPLES, 0);
  info.writeUInt16BE(FLAC_BLOCK_SAMPLES, 2);
  info.writeUInt32BE(((FLAC_RATE_HZ << 12) | (15 << 4)) >>> 0, 10);
  info.writeUInt32BE(totalSamples, 14);
  const comment = Buffer.from("\x04\0\0\0test\0\0\0\0", "latin1");
  return Buffer.concat([Buffer.from("fLaC"), flacBlock(0, info), flacBlock(4, comment, true)]);
}

/** A whole FLAC file. */
export function flac(count = 60, shape: FlacFrameShape = {}): Buffer {
  return Buffer.concat([flacHead(count * FLAC_BLOCK_SAMPLES), ...flacFrames(count, 0, shape)]);
}
