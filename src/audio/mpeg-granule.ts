import { isProtected, type MpegFormat, sideInfoBytes } from "./mpeg-header.ts";

/*
 * How loud a granule of Layer III is, by its side information alone. An encoder divides the spectrum by the global gain, so
 * that its values are whole numbers, and states with which tables those are written, so that the greatest of them is known
 * within a factor of two. Which value stands where is not read, for that would be decoding.
 */

/* Where the fields stand: ISO/IEC 11172-3 and 13818-3, clause 2.4.1.7. */

const HEADER_BYTES = 4;
const CRC_BYTES = 2;
/** Fields are read out of four bytes. */
const READ_AHEAD_BYTES = 3;

const LENGTH_BITS = 12;
const GAIN_AT = 21;
const GAIN_BITS = 8;
const SCALE_AT = 29;
const TABLE_BITS = 5;
/** block_type and mixed_block_flag stand where otherwise a third table does. */
const BLOCK_BITS = 3;
/** scalefac_scale and count1table_select are the last two. */
const SCALE_STEP_FROM_END = 2;

/** The greatest value that each table is likely to be taken for: the middle of those that no smaller table can write. */
const GREATEST = Float32Array.of(
  ...[0.5, 1, 2, 2, 0.5, 3, 3, 4.5, 4.5, 4.5, 6.5, 6.5, 6.5, 11.5, 0.5, 11.5],
  ...[15.5, 17.5, 20.4, 26.3, 60.5, 196, 740, 5808, 26.3, 37.8, 60.5, 106, 196, 378, 1464, 5808],
);

/**
 * By the global gain, which counts quarters of an octave from 210. A decoder raises values to the power of 4/3, but the
 * greatest grows faster than the many that make the loudness; measured, the two cancel out. The factor is measured too:
 * with it, speech is as high as the picture of its samples. See docs/waveform.md.
 */
const GAIN = Float32Array.from({ length: 256 }, (_, gain) => 2 ** ((gain - 210) / 4 + 3.2));

/** How many octaves of a scale factor's damping are likely to be used of those that can be written. */
const DAMPING = 0.2;

/** Bits of the scale factors of lower and of upper bands, by scalefac_compress. ISO/IEC 11172-3 clause 2.4.2.7. */
const LOWER_BITS = [0, 0, 0, 0, 3, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4] as const;
const UPPER_BITS = [0, 1, 2, 3, 0, 1, 2, 3, 1, 2, 3, 1, 2, 3, 2, 3] as const;

/** The same of the lowest two of four groups of bands. ISO/IEC 13818-3 clause 2.4.3.2. */
function toLowScaleBits(compress: number): readonly [number, number] {
  if (compress >= 500) return [Math.floor((compress - 500) / 3), (compress - 500) % 3];
  const pair = compress >= 400 ? (compress - 400) >>> 2 : compress >>> 4;
  return [Math.floor(pair / 5), pair % 5];
}

/** A scale factor counts half octaves. */
function toDamping([lower, upper]: readonly [number, number]): number {
  return 2 ** (-DAMPING * 0.5 * (2 ** lower - 1 + (2 ** upper - 1)));
}

/** `headBits` stand before the first granule, by the number of channels; `granuleBits` are of one channel of a granule. */
const LAYOUTS = {
  mpeg1: {
    granules: 2,
    headBits: { 1: 18, 2: 20 },
    granuleBits: 59,
    scaleBits: 4,
    damping: Float32Array.from(LOWER_BITS.map((bits, at) => toDamping([bits, UPPER_BITS[at] ?? 0]))),
  },
  lowRates: {
    granules: 1,
    headBits: { 1: 9, 2: 10 },
    granuleBits: 63,
    scaleBits: 9,
    damping: Float32Array.from({ length: 512 }, (_, bits) => toDamping(toLowScaleBits(bits))),
  },
} as const;

/** Tells how loud the granules of a stream of Layer III are; nothing of the audio data is read. */
export class GranuleReader {
  readonly format: MpegFormat;
  /** How many a frame has. */
  readonly granules: 1 | 2;
  readonly #layout: (typeof LAYOUTS)[keyof typeof LAYOUTS];
  readonly #headBits: number;
  readonly #sideBytes: number;

  constructor(format: MpegFormat) {
    this.format = format;
    this.#layout = format.version === 1 ? LAYOUTS.mpeg1 : LAYOUTS.lowRates;
    this.granules = this.#layout.granules;
    this.#headBits = this.#layout.headBits[format.channels];
    this.#sideBytes = sideInfoBytes(format);
  }

  /** Returns where the side information of a frame stands; undefined when the frame has no room for it. */
  findSideInfo(view: DataView, from: number, to: number): number | undefined {
    const at = from + HEADER_BYTES + (isProtected(view.getUint32(from)) ? CRC_BYTES : 0);
    return at + this.#sideBytes + READ_AHEAD_BYTES <= to ? at : undefined;
  }

  /**
   * Estimates the amplitude of one channel in one granule; 1 is full scale, and 0 is silence for certain.
   *
   * @param part - All channels of the first granule come before those of the second.
   */
  estimate(view: DataView, sideInfoAt: number, part: number): number {
    const { granuleBits, scaleBits, damping } = this.#layout;
    const at = sideInfoAt * 8 + this.#headBits + part * granuleBits;
    if (readBits(view, at, LENGTH_BITS) === 0) return 0;
    const gain = GAIN[readBits(view, at + GAIN_AT, GAIN_BITS)] ?? 0;
    const damped = damping[readBits(view, at + SCALE_AT, scaleBits)] ?? 0;
    const hasWideSteps = readBits(view, at + granuleBits - SCALE_STEP_FROM_END, 1) === 1;
    return gain * greatestValue(view, at + SCALE_AT + scaleBits) * (hasWideSteps ? damped * damped : damped);
  }
}

/** `at` is where window_switching_flag stands. */
function greatestValue(view: DataView, at: number): number {
  const isSwitched = readBits(view, at, 1) === 1;
  const tablesAt = at + 1 + (isSwitched ? BLOCK_BITS : 0);
  let greatest = 0;
  for (let table = 0; table < (isSwitched ? 2 : 3); table += 1) {
    greatest = Math.max(greatest, GREATEST[readBits(view, tablesAt + table * TABLE_BITS, TABLE_BITS)] ?? 0);
  }
  return greatest;
}

/** Reads up to 25 bits. */
function readBits(view: DataView, at: number, count: number): number {
  return (view.getUint32(at >>> 3) << (at & 7)) >>> (32 - count);
}
