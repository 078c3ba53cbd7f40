import { crc16 } from "./crc16.ts";
import { type MpegFormat, sideInfoBytes } from "./mpeg-header.ts";

/** What the encoder wrote into a first frame that holds no audio. */
export interface VbrHeader {
  readonly kind: "Xing" | "Info" | "VBRI";
  /** Audio frames that follow; undefined when the encoder did not say. */
  readonly frames: number | undefined;
  /** Bytes of the stream, this frame included. */
  readonly bytes: number | undefined;
  readonly lame: LameTag | undefined;
}

/** LAME's extension of the Xing header, which Lavf writes too. */
interface LameTag {
  readonly delaySamples: number;
  readonly paddingSamples: number;
  /** CRC-16 of all audio frames; undefined when it was not computed. */
  readonly audioCrc: number | undefined;
  /** Whether the tag fits its own CRC. */
  readonly isIntact: boolean;
}

const XING_FRAMES = 1;
const XING_BYTES = 2;
const XING_TOC = 4;
const XING_QUALITY = 8;
const TOC_BYTES = 100;
/** From the encoder's name to the tag's CRC. */
const LAME_TAG_BYTES = 36;
const LAVF_CRC_BYTES = 190;

/**
 * Reads the Xing, Info or VBRI header of a Layer III frame.
 *
 * @returns undefined when the frame holds none or is too short for it.
 * @see Xing VBR header SDK; Fraunhofer VBRI; LAME "Mp3 Info Tag rev 1"
 */
export function tryParseVbrHeader(frame: Buffer, format: MpegFormat): VbrHeader | undefined {
  if (format.layer !== 3) return undefined;
  const xingAt = 4 + sideInfoBytes(format);
  const id = frame.toString("latin1", xingAt, xingAt + 4);
  if (id === "Xing" || id === "Info") return parseXing(frame, xingAt, id);
  const vbriAt = 36;
  if (frame.toString("latin1", vbriAt, vbriAt + 4) !== "VBRI" || frame.length < vbriAt + 18) return undefined;
  const bytes = frame.readUInt32BE(vbriAt + 10);
  return { kind: "VBRI", bytes, frames: frame.readUInt32BE(vbriAt + 14), lame: undefined };
}

function parseXing(frame: Buffer, xingAt: number, kind: "Xing" | "Info"): VbrHeader | undefined {
  if (frame.length < xingAt + 8) return undefined;
  const flags = frame.readUInt32BE(xingAt + 4);
  let position = xingAt + 8;
  const take = (flag: number, size: number): number | undefined => {
    if ((flags & flag) === 0) return undefined;
    position += size;
    return position <= frame.length ? frame.readUInt32BE(position - size) : undefined;
  };
  const frames = take(XING_FRAMES, 4);
  const bytes = take(XING_BYTES, 4);
  take(XING_TOC, TOC_BYTES);
  take(XING_QUALITY, 4);
  // An encoder that could not go back to fill the header in leaves zeros.
  return { kind, frames: frames || undefined, bytes: bytes || undefined, lame: tryParseLame(frame, position) };
}

function tryParseLame(frame: Buffer, at: number): LameTag | undefined {
  if (frame.length < at + LAME_TAG_BYTES) return undefined;
  if (!/^(?:LAME|Lavf|Lavc|L3\.9)/.test(frame.toString("latin1", at, at + 4))) return undefined;
  const delays = frame.readUIntBE(at + 21, 3);
  const crcAt = at + LAME_TAG_BYTES - 2;
  return {
    delaySamples: delays >>> 12,
    paddingSamples: delays & 0xfff,
    audioCrc: frame.readUInt16BE(crcAt - 2) || undefined,
    isIntact: fitsTagCrc(frame, crcAt),
  };
}

/**
 * LAME's CRC runs from the frame's first byte up to itself. Lavf's always runs over 190 bytes, which end there
 * in MPEG-1 stereo only, with zeros for its own place and for what a shorter frame lacks (libavformat/mp3enc.c).
 */
function fitsTagCrc(frame: Buffer, crcAt: number): boolean {
  const stated = frame.readUInt16BE(crcAt);
  if (stated === crc16(frame, { from: 0, to: crcAt, seed: 0 })) return true;
  const padded = Buffer.alloc(LAVF_CRC_BYTES + 2);
  frame.copy(padded);
  padded.fill(0, crcAt, crcAt + 2);
  return stated === crc16(padded, { from: 0, to: LAVF_CRC_BYTES, seed: 0 });
}
