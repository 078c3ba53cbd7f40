import type { FrameCodec } from "./frame-walker.ts";

const FRAME_BYTES = 33;

/** GSM 06.10 full rate as files hold it: 33 bytes for 20 ms, the first half-byte of which is always 0xD. */
export const GSM: FrameCodec = {
  container: "gsm",
  codec: "gsm",
  magic: "",
  sampleRateHz: 8000,
  frameSamples: 160,
  maxFrameBytes: FRAME_BYTES,
  toFrameBytes: (first) => (isMark(first) ? FRAME_BYTES : 0),
  isPause: () => false,
};

/** A quarter of a second; that many marks in a row are no chance: 1 in 10^14. */
const MIN_FRAMES = 12;
/** Half a second tells as much as an hour, and what is damaged behind it does no harm. */
const MAX_FRAMES = 24;

/**
 * Tells whether bytes that nothing else is known of are frames of GSM 06.10.
 *
 * One mark in 16 may be damaged. Silence in A-law is full of bytes that look like marks, so they must be rare elsewhere.
 */
export function looksLikeGsm(head: Buffer): boolean {
  const frames = Math.min(Math.floor(head.length / FRAME_BYTES), MAX_FRAMES);
  const bytes = head.subarray(0, frames * FRAME_BYTES);
  const marks = bytes.filter((byte, at) => at % FRAME_BYTES === 0 && isMark(byte)).length;
  const others = bytes.filter((byte, at) => at % FRAME_BYTES !== 0 && isMark(byte)).length;
  return frames >= MIN_FRAMES && marks >= frames - frames / 16 && others * 4 < bytes.length;
}

function isMark(byte: number): boolean {
  return byte >>> 4 === 0xd;
}
