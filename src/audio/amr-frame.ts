import type { FrameCodec } from "./frame-walker.ts";

/** Bytes of a frame by its type, its header included; 0 is a type that no file holds, as 9 to 14 of AMR. */
const NARROW_BYTES = [13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1];
const WIDE_BYTES = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1];

/** Types that hold no speech: comfort noise, and frames that were lost or never sent. */
const NARROW_PAUSE = 8;
const WIDE_PAUSE = 9;

/**
 * AMR as files hold it: 20 ms a frame, narrowband.
 *
 * @see RFC 4867 section 5.3, 3GPP TS 26.101 annex A
 */
export const AMR: FrameCodec = {
  container: "amr",
  codec: "amr_nb",
  magic: "#!AMR\n",
  sampleRateHz: 8000,
  frameSamples: 160,
  maxFrameBytes: 32,
  toFrameBytes: (first) => toFrameBytes(first, NARROW_BYTES),
  isPause: (first) => toType(first) >= NARROW_PAUSE,
};

/**
 * AMR-WB as files hold it: 20 ms a frame, wideband.
 *
 * @see RFC 4867 section 5.3, 3GPP TS 26.201 annex A
 */
export const AMR_WB: FrameCodec = {
  container: "amr",
  codec: "amr_wb",
  magic: "#!AMR-WB\n",
  sampleRateHz: 16000,
  frameSamples: 320,
  maxFrameBytes: 61,
  toFrameBytes: (first) => toFrameBytes(first, WIDE_BYTES),
  isPause: (first) => toType(first) >= WIDE_PAUSE,
};

/** All bits of the header that are neither type nor quality are zero in a file. */
function toFrameBytes(first: number, sizes: readonly number[]): number {
  return (first & 0x83) === 0 ? (sizes[toType(first)] ?? 0) : 0;
}

function toType(first: number): number {
  return (first >>> 3) & 0x0f;
}
