/** Every envelope is taken at this rate, so that a file and its 8 kHz copy are heard in the same band. */
export const ENVELOPE_RATE_HZ = 8000;

/** 10 ms: short enough to see a shift, and long enough to hold a period of the lowest voice. */
const FRAME_SAMPLES = 80;

export const FRAMES_PER_SECOND = ENVELOPE_RATE_HZ / FRAME_SAMPLES;

/**
 * A first-order high-pass with its corner at 100 Hz. Opus takes away what is constant (`dc_reject` of libopus), which in
 * an 8-bit recording or one of a bad line is louder than the voice.
 */
const POLE = 0.92;

/** Keeps the filter from running out into subnormal numbers in digital silence, where arithmetic is slow. */
const ANTI_SUBNORMAL = 1e-12;

const FULL_SCALE_SQUARED = 2 ** 30;

/** How loud a file is, channel by channel, in frames of 10 ms. */
export interface Envelope {
  /** Samples of each channel at {@link ENVELOPE_RATE_HZ}, those of an unfinished last frame included. */
  readonly samples: number;
  /** For each channel the mean square of each whole frame; 1 is a square wave at full scale. */
  readonly channels: readonly (readonly number[])[];
}

/** Takes the envelope of interleaved 16-bit little-endian samples that come in chunks, split anywhere. */
export class EnvelopeBuilder {
  readonly #channels: readonly number[][];
  readonly #lastIn: Float64Array;
  readonly #lastOut: Float64Array;
  readonly #energy: Float64Array;
  #channel = 0;
  #frameSamples = 0;
  #frames = 0;
  /** The first byte of a sample whose second has not come yet. */
  #lowByte: number | undefined;

  constructor(channels: number) {
    this.#channels = Array.from({ length: channels }, () => []);
    this.#lastIn = new Float64Array(channels);
    this.#lastOut = new Float64Array(channels);
    this.#energy = new Float64Array(channels);
  }

  /** Takes the next bytes; they may be used again for others once it returns. */
  update(chunk: Uint8Array): void {
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    if (this.#lowByte !== undefined && chunk.byteLength > 0) {
      this.#add((view.getInt8(0) << 8) | this.#lowByte);
      this.#lowByte = undefined;
      at = 1;
    }
    for (; at + 1 < chunk.byteLength; at += 2) this.#add(view.getInt16(at, true));
    if (at < chunk.byteLength) this.#lowByte = view.getUint8(at);
  }

  /** Gives what has come; nothing may be added after. */
  finish(): Envelope {
    return { samples: this.#frames * FRAME_SAMPLES + this.#frameSamples, channels: this.#channels };
  }

  #add(sample: number): void {
    const channel = this.#channel;
    const lastIn = this.#lastIn[channel] ?? 0;
    const lastOut = this.#lastOut[channel] ?? 0;
    const filtered = sample - lastIn + POLE * lastOut + ANTI_SUBNORMAL;
    this.#lastIn[channel] = sample;
    this.#lastOut[channel] = filtered;
    this.#energy[channel] = (this.#energy[channel] ?? 0) + filtered * filtered;
    this.#channel = channel + 1;
    if (this.#channel === this.#channels.length) this.#endMoment();
  }

  /** Ends one sample of every channel. */
  #endMoment(): void {
    this.#channel = 0;
    this.#frameSamples += 1;
    if (this.#frameSamples < FRAME_SAMPLES) return;
    for (const [channel, frames] of this.#channels.entries()) {
      frames.push((this.#energy[channel] ?? 0) / FRAME_SAMPLES / FULL_SCALE_SQUARED);
    }
    this.#energy.fill(0);
    this.#frameSamples = 0;
    this.#frames += 1;
  }
}
