import { createBandMeter } from "./spectrum.ts";

/** Frames quieter than this say nothing of speech. */
const QUIETEST_RMS = 10 ** (-50 / 20);
/** What lies this far below the loudest band of its frame is not heard, or is the encoder's dither. */
const FLOOR = 1e-5;
/** The usual bounds of a segment's ratio: beyond them it tells nothing more. */
const [SNR_MIN_DB, SNR_MAX_DB] = [-10, 35];
/** How far to look for the coded sound, to either side. */
const MAX_LAG_SAMPLES = 200;
const LAG_EXCERPT_SECONDS = 5;

/** How like a coded recording is to its source, over all frames that carry sound. */
export interface Likeness {
  readonly frames: number;
  /** Mean over frames of the root mean square over bands of the difference of levels; smaller is better. */
  readonly logSpectralDistanceDb: number;
  /** Mean over frames of signal against difference, each frame held between −10 and 35 dB; greater is better. */
  readonly segmentalSnrDb: number;
  /** By how many samples the coded sound is late. */
  readonly lagSamples: number;
}

/** Compares two mono recordings of one rate, frame by frame of 20 ms with half overlapping, once they are aligned. */
export function compareSound(source: Float32Array, coded: Float32Array, sampleRateHz: number): Likeness {
  const lagSamples = findLag(source, coded, sampleRateHz);
  const [length, hop] = [sampleRateHz / 50, sampleRateHz / 100];
  const measure = createBandMeter(length, sampleRateHz);
  const sums = { frames: 0, distance: 0, snr: 0 };
  for (let start = MAX_LAG_SAMPLES; start + length + MAX_LAG_SAMPLES < source.length; start += hop) {
    const frame = source.subarray(start, start + length);
    if (Math.sqrt(toEnergy(frame) / length) < QUIETEST_RMS) continue;
    const codedFrame = coded.subarray(start + lagSamples, start + lagSamples + length);
    sums.frames += 1;
    sums.distance += toDistanceDb(measure(frame), measure(codedFrame));
    sums.snr += toSnrDb(frame, codedFrame);
  }
  return {
    frames: sums.frames,
    logSpectralDistanceDb: sums.distance / sums.frames,
    segmentalSnrDb: sums.snr / sums.frames,
    lagSamples,
  };
}

/** Gives the shift at which both go together best, judged by the loudest five seconds. */
function findLag(source: Float32Array, coded: Float32Array, sampleRateHz: number): number {
  const start = findLoudest(source, LAG_EXCERPT_SECONDS * sampleRateHz);
  const excerpt = source.subarray(start, start + LAG_EXCERPT_SECONDS * sampleRateHz);
  let [best, bestSum] = [0, Number.NEGATIVE_INFINITY];
  for (let lag = -MAX_LAG_SAMPLES; lag <= MAX_LAG_SAMPLES; lag += 1) {
    let sum = 0;
    for (let n = 0; n < excerpt.length; n += 1) sum += (excerpt[n] ?? 0) * (coded[start + lag + n] ?? 0);
    if (sum > bestSum) [best, bestSum] = [lag, sum];
  }
  return best;
}

function findLoudest(source: Float32Array, length: number): number {
  let [best, bestEnergy] = [0, -1];
  for (let start = 0; start + length <= source.length; start += length) {
    const energy = toEnergy(source.subarray(start, start + length));
    if (energy > bestEnergy) [best, bestEnergy] = [start, energy];
  }
  return best;
}

function toEnergy(samples: Float32Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0);
}

function toDistanceDb(source: Float64Array, coded: Float64Array): number {
  const floor = Math.max(...source) * FLOOR;
  const squares = source.reduce((sum, power, band) => {
    return sum + (10 * Math.log10(Math.max(power, floor) / Math.max(coded[band] ?? 0, floor))) ** 2;
  }, 0);
  return Math.sqrt(squares / source.length);
}

function toSnrDb(source: Float32Array, coded: Float32Array): number {
  const noise = source.reduce((sum, sample, n) => sum + (sample - (coded[n] ?? 0)) ** 2, 0);
  if (noise === 0) return SNR_MAX_DB;
  return Math.min(Math.max(10 * Math.log10(toEnergy(source) / noise), SNR_MIN_DB), SNR_MAX_DB);
}
