import type { Waveform } from "../core/packaged-recording.ts";
import { LoudnessRow } from "./loudness-row.ts";
import { type MeasureSquare, SAMPLE_CODECS, type SampleCodec } from "./sample-codec.ts";
import { toWaveform } from "./to-waveform.ts";

/** What one has to know of samples to read them. */
export interface SampleShape {
  /** ffprobe's name. */
  readonly codec: string;
  readonly sampleRateHz: number;
  readonly channels: number;
}

/** 10 ms hold a period of the lowest voice. */
const MOMENTS_PER_SECOND = 100;

/** No recorder makes such moments, only a header that lies. */
const MAX_MOMENT_BYTES = 1 << 20;

/** More channels than two parties have are told together. */
const MAX_ROWS = 2;

/**
 * Every how many-th sample is looked at: a thousand in a second show how loud speech is. A moment begins with its first
 * sample, and no usual rate has moments that these numbers divide, so that no tone can hide between them.
 */
const STRIDES = [41, 29, 19, 13, 7, 3] as const;
const ENOUGH_HZ = 1000;

/**
 * Opens the measuring of interleaved samples.
 *
 * @returns undefined where they do not lie one behind the other, or there can be no such sound.
 */
export function tryOpenSampleLoudness(shape: SampleShape): SampleLoudness | undefined {
  const codec = SAMPLE_CODECS.get(shape.codec);
  if (codec === undefined || shape.channels === 0) return undefined;
  const momentBytes = toMomentFrames(shape) * shape.channels * codec.sampleBytes;
  return momentBytes <= MAX_MOMENT_BYTES ? new SampleLoudness(shape, codec) : undefined;
}

function toMomentFrames({ sampleRateHz }: SampleShape): number {
  return Math.max(1, Math.round(sampleRateHz / MOMENTS_PER_SECOND));
}

/**
 * Measures interleaved samples that come in chunks, split anywhere: in each moment the height of a tone that is as loud,
 * whatever constant lies under it. Of more than two channels it is the loudest.
 */
export class SampleLoudness {
  readonly #sampleBytes: number;
  /** One for each channel. */
  readonly #measures: readonly MeasureSquare[];
  readonly #rows: readonly LoudnessRow[];
  /** A moment of which only the begin has come. */
  readonly #begun: Buffer;
  #begunBytes = 0;

  constructor(shape: SampleShape, { sampleBytes, toMeasure }: SampleCodec) {
    const frameBytes = shape.channels * sampleBytes;
    const stride = STRIDES.find((every) => every * ENOUGH_HZ <= shape.sampleRateHz) ?? 1;
    this.#sampleBytes = sampleBytes;
    this.#measures = Array.from({ length: shape.channels }, () => toMeasure(stride * frameBytes));
    this.#rows = Array.from({ length: shape.channels > MAX_ROWS ? 1 : shape.channels }, () => new LoudnessRow());
    this.#begun = Buffer.alloc(toMomentFrames(shape) * frameBytes);
  }

  /** Takes the next bytes; they may be used again for others once it returns. */
  push(chunk: Uint8Array): void {
    const missing = this.#begunBytes === 0 ? 0 : this.#begin(chunk);
    if (this.#begunBytes === this.#begun.length) this.#takeBegun();
    const rest = chunk.subarray(missing);
    const view = new DataView(rest.buffer, rest.byteOffset, rest.length);
    const momentBytes = this.#begun.length;
    let at = 0;
    for (; at + momentBytes <= rest.length; at += momentBytes) this.#takeMoment(view, at, at + momentBytes);
    this.#begin(rest.subarray(at));
  }

  /** Gives what has come; nothing may be added after. Undefined when that is not even one sample. */
  end(): Waveform | undefined {
    this.#begunBytes -= this.#begunBytes % (this.#measures.length * this.#sampleBytes);
    if (this.#begunBytes > 0) this.#takeBegun();
    return toWaveform(this.#rows, "samples");
  }

  /** Returns how many bytes there was room for. */
  #begin(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, this.#begun.length - this.#begunBytes);
    this.#begun.set(taken, this.#begunBytes);
    this.#begunBytes += taken.length;
    return taken.length;
  }

  #takeBegun(): void {
    const { buffer, byteOffset } = this.#begun;
    this.#takeMoment(new DataView(buffer, byteOffset, this.#begunBytes), 0, this.#begunBytes);
    this.#begunBytes = 0;
  }

  #takeMoment(view: DataView, from: number, to: number): void {
    let loudest = 0;
    let at = from;
    for (const [channel, measure] of this.#measures.entries()) {
      // A tone of height 1 has a mean square of a half.
      const amplitude = Math.sqrt(2 * measure(view, at, to));
      if (this.#rows.length === this.#measures.length) this.#rows[channel]?.add(amplitude);
      loudest = Math.max(loudest, amplitude);
      at += this.#sampleBytes;
    }
    if (this.#rows.length < this.#measures.length) this.#rows[0]?.add(loudest);
  }
}
