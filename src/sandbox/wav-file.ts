import { SPEECH_RATE_HZ } from "./dialogue.ts";

const HEADER_BYTES = 44;
const SAMPLE_BYTES = 2;
const PCM_TAG = 1;

/** How the samples of a WAV are told. */
export interface WavSound {
  /** {@link SPEECH_RATE_HZ}, or a whole part of it. */
  readonly sampleRateHz: number;
  readonly channels: 1 | 2;
}

/**
 * Makes a WAV of a composed call, with the plain header of 44 bytes. A lower rate is reached by taking the mean of
 * neighbours, which is good enough for a call.
 *
 * @see RIFF MCI spec, "WAVE form"
 */
export function toWav(call: Int16Array, { sampleRateHz, channels }: WavSound): Buffer {
  const samples = thinOut(call, { factor: SPEECH_RATE_HZ / sampleRateHz, channels });
  const blockBytes = channels * SAMPLE_BYTES;
  const header = Buffer.alloc(HEADER_BYTES);
  header.write("RIFF", 0);
  header.writeUInt32LE(HEADER_BYTES - 8 + samples.byteLength, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(PCM_TAG, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * blockBytes, 28);
  header.writeUInt16LE(blockBytes, 32);
  header.writeUInt16LE(SAMPLE_BYTES * 8, 34);
  header.write("data", 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]);
}

function thinOut(call: Int16Array, { factor, channels }: { factor: number; channels: number }): Int16Array {
  if (factor === 1) return call;
  const thinned = new Int16Array(call.length / factor);
  for (let index = 0; index < thinned.length; index++) {
    const channel = index % channels;
    const first = Math.floor(index / channels) * factor * channels + channel;
    let sum = 0;
    for (let step = 0; step < factor; step++) sum += call[first + step * channels] ?? 0;
    thinned[index] = sum / factor;
  }
  return thinned;
}
