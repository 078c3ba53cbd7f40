/**
 * Measures the mean square of one channel's samples from `from` up to `to`, without the constant that lay under them lately;
 * 1 is that of a square wave at full scale.
 */
export type MeasureSquare = (view: DataView, from: number, to: number) => number;

/** A codec in which one sample lies behind the other. What is below 16 bits may be left away. */
export interface SampleCodec {
  readonly sampleBytes: number;
  /** Makes what measures one channel, moment after moment, looking at one sample in so many bytes. */
  readonly toMeasure: (strideBytes: number) => MeasureSquare;
}

const FULL_SCALE = 2 ** 15;

/** How much of a moment's mean goes into the constant: it follows within a second. */
const FOLLOWING = 1 / 64;

/**
 * The constant that lies under the samples. It is not taken from each moment alone: the few samples of one may all stand at
 * the same place of a tone, though not in the next one.
 */
class Floor {
  #level: number | undefined;

  /** Returns the mean square above the constant; 0 where a sample is not a number, or beyond all bounds. */
  remove(sum: number, squares: number, count: number): number {
    const mean = sum / count;
    if (!Number.isFinite(squares)) return 0;
    const level = this.#level === undefined ? mean : this.#level + (mean - this.#level) * FOLLOWING;
    this.#level = level;
    return Math.max(0, squares / count - 2 * level * mean + level * level);
  }
}

/* The loops are written out: through a function for each sample they take four times as long. */

/** Whole numbers, little-endian, whose upper 16 bits begin at `skip`. */
function wholeNumbers(sampleBytes: number, skip: number): SampleCodec {
  const toMeasure = (strideBytes: number): MeasureSquare => {
    const floor = new Floor();
    return (view, from, to) => {
      let sum = 0;
      let squares = 0;
      for (let at = from + skip; at < to; at += strideBytes) {
        const sample = view.getInt16(at, true);
        sum += sample;
        squares += sample * sample;
      }
      return floor.remove(sum / FULL_SCALE, squares / FULL_SCALE ** 2, Math.ceil((to - from) / strideBytes));
    };
  };
  return { sampleBytes, toMeasure };
}

/** One byte for each sample; `decode` gives it at 16 bits. */
function singleBytes(decode: (code: number) => number): SampleCodec {
  const samples = Int16Array.from({ length: 256 }, (_, code) => decode(code));
  const toMeasure = (strideBytes: number): MeasureSquare => {
    const floor = new Floor();
    return (view, from, to) => {
      let sum = 0;
      let squares = 0;
      for (let at = from; at < to; at += strideBytes) {
        const sample = samples[view.getUint8(at)] ?? 0;
        sum += sample;
        squares += sample * sample;
      }
      return floor.remove(sum / FULL_SCALE, squares / FULL_SCALE ** 2, Math.ceil((to - from) / strideBytes));
    };
  };
  return { sampleBytes: 1, toMeasure };
}

function floats(sampleBytes: 4 | 8): SampleCodec {
  const toMeasure = (strideBytes: number): MeasureSquare => {
    const floor = new Floor();
    return (view, from, to) => {
      let sum = 0;
      let squares = 0;
      for (let at = from; at < to; at += strideBytes) {
        const sample = sampleBytes === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true);
        sum += sample;
        squares += sample * sample;
      }
      return floor.remove(sum, squares, Math.ceil((to - from) / strideBytes));
    };
  };
  return { sampleBytes, toMeasure };
}

/** @see ITU-T G.711 table 1a: every other bit inverted; sign, three bits of segment, four of step */
function fromALaw(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits >>> 4) & 7;
  const step = ((bits & 15) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 256) << (segment - 1);
  return (bits & 0x80) === 0 ? -magnitude : magnitude;
}

/** @see ITU-T G.711 table 2a: all bits inverted, and a bias of 33, which is 132 at 16 bits */
function fromMuLaw(code: number): number {
  const bits = ~code;
  const magnitude = ((((bits & 15) << 3) + 132) << ((bits >>> 4) & 7)) - 132;
  return (bits & 0x80) === 0 ? magnitude : -magnitude;
}

/** By ffprobe's names. */
export const SAMPLE_CODECS: ReadonlyMap<string, SampleCodec> = new Map([
  ["pcm_u8", singleBytes((code) => (code - 128) * 256)],
  ["pcm_s16le", wholeNumbers(2, 0)],
  ["pcm_s24le", wholeNumbers(3, 1)],
  ["pcm_s32le", wholeNumbers(4, 2)],
  ["pcm_f32le", floats(4)],
  ["pcm_f64le", floats(8)],
  ["pcm_alaw", singleBytes(fromALaw)],
  ["pcm_mulaw", singleBytes(fromMuLaw)],
]);
