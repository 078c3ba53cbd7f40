import { noise, uint32be } from "./bytes.ts";

/** MPEG-2 Layer III, 64 kbit/s at 16 kHz, mono: 288 bytes of 36 ms. ISO/IEC 13818-3. */
export const HEADER = 0xfff388c4;
export const FRAME_BYTES = 288;
export const FRAME_SAMPLES = 576;
export const RATE_HZ = 16000;
/** Behind the header and the 9 bytes of side information of MPEG-2 mono. */
const XING_AT = 13;

export function frame(seed: number, header = HEADER, sizeBytes = FRAME_BYTES): Buffer {
  return Buffer.concat([uint32be(header), noise(sizeBytes - 4, seed)]);
}

export function frames(count: number, header = HEADER, sizeBytes = FRAME_BYTES): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, index) => frame(index + 1, header, sizeBytes)));
}

/** CRC-16/ARC, one bit at a time. */
export function crc16BitByBit(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xa001;
  }
  return crc;
}

export interface InfoShape {
  readonly kind?: "Xing" | "Info";
  readonly frames?: number;
  readonly bytes?: number;
  readonly delay?: number;
  readonly padding?: number;
}

/** An Info frame with LAME's tag, as it stands before `audio`. */
export function infoFrame(audio: Uint8Array, shape: InfoShape = {}): Buffer {
  const { kind = "Info", delay = 1105, padding = 623 } = shape;
  const bytes = Buffer.alloc(FRAME_BYTES);
  bytes.writeUInt32BE(HEADER);
  bytes.write(kind, XING_AT, "latin1");
  bytes.writeUInt32BE(15, XING_AT + 4);
  bytes.writeUInt32BE(shape.frames ?? audio.length / FRAME_BYTES, XING_AT + 8);
  bytes.writeUInt32BE(shape.bytes ?? audio.length + FRAME_BYTES, XING_AT + 12);
  const lameAt = XING_AT + 120;
  bytes.write("LAME3.100", lameAt, "latin1");
  bytes.writeUIntBE(delay * 4096 + padding, lameAt + 21, 3);
  bytes.writeUInt16BE(crc16BitByBit(audio), lameAt + 32);
  bytes.writeUInt16BE(crc16BitByBit(bytes.subarray(0, lameAt + 34)), lameAt + 34);
  return bytes;
}

/** A whole MP3 with an Info frame. */
export function mp3(count = 60, shape: InfoShape = {}): Buffer {
  const audio = frames(count);
  return Buffer.concat([infoFrame(audio, shape), audio]);
}

/** An ID3v2.4 tag of `bodyBytes` of padding. */
export function id3v2(bodyBytes: number): Buffer {
  const size = [21, 14, 7, 0].map((shift) => (bodyBytes >>> shift) & 0x7f);
  return Buffer.concat([Buffer.from("ID3\x04\0\0", "latin1"), Buffer.from(size), Buffer.alloc(bodyBytes)]);
}

export function id3v1(title: string): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.write(`TAG${title}`, "latin1");
  return bytes;
}

/** An APEv2 tag with header and footer. */
export function apev2(bodyBytes: number): Buffer {
  const edge = (flags: number) => {
    const bytes = Buffer.alloc(32);
    bytes.write("APETAGEX", "latin1");
    bytes.writeUInt32LE(2000, 8);
    bytes.writeUInt32LE(bodyBytes + 32, 12);
    bytes.writeUInt32LE(flags, 20);
    return bytes;
  };
  return Buffer.concat([edge(0xa0000000), noise(bodyBytes, 3), edge(0x80000000)]);
}
