import { OGG_CAPTURE } from "./ogg-page.ts";

/** The identification header of a stream. */
export interface OpusHead {
  readonly version: number;
  readonly channels: number;
  /** Samples at 48 kHz that a decoder drops at the beginning. */
  readonly preSkip: number;
  /** Rate of what was encoded; 0 when it is not stated. */
  readonly inputSampleRateHz: number;
  /** 0: mono or stereo; 1: surround in Vorbis order; 255: no meaning assigned. */
  readonly mappingFamily: number;
}

const MAGIC = "OpusHead";
const HEAD_BYTES = 19;

/**
 * Reads an identification header.
 *
 * @returns undefined when the packet is none.
 * @see RFC 7845 section 5.1
 */
export function tryParseOpusHead(packet: Buffer): OpusHead | undefined {
  if (packet.length < HEAD_BYTES || packet.toString("latin1", 0, MAGIC.length) !== MAGIC) return undefined;
  return {
    version: packet.readUInt8(8),
    channels: packet.readUInt8(9),
    preSkip: packet.readUInt16LE(10),
    inputSampleRateHz: packet.readUInt32LE(12),
    mappingFamily: packet.readUInt8(18),
  };
}

/** The header stands alone on its page: 27 bytes and one lacing value before it (RFC 7845 section 3). */
const PAGE_HEADER_BYTES = 28;

/** Tells whether one of the pages that begin the streams of an Ogg file holds an Opus header. */
export function hasOpusHead(head: Buffer): boolean {
  for (let at = head.indexOf(MAGIC); at !== -1; at = head.indexOf(MAGIC, at + 1)) {
    const pageAt = at - PAGE_HEADER_BYTES;
    if (pageAt >= 0 && head.toString("latin1", pageAt, pageAt + OGG_CAPTURE.length) === OGG_CAPTURE) return true;
  }
  return false;
}
