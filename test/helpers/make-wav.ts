/** What stands before the samples in these files. */
export const WAV_HEADER_BYTES = 44;

/** The shape of a WAV file of 16-bit samples. */
export interface WavShape {
  /** @default 16000 */
  readonly sampleRateHz?: number;
  /** @default 1 */
  readonly channels?: number;
}

/** Makes the header of a WAV file of so many bytes in all. */
export function makeWavHeader(sizeBytes: number, { sampleRateHz = 16_000, channels = 1 }: WavShape = {}): Buffer {
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(sizeBytes - 8, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(sizeBytes - WAV_HEADER_BYTES, 40);
  return header;
}

/** Makes a WAV file of the samples of each channel, which are equally many. */
export function makeWav(channels: readonly ArrayLike<number>[], sampleRateHz = 16_000): Buffer {
  const samples = channels[0]?.length ?? 0;
  const body = Buffer.alloc(samples * channels.length * 2);
  for (let at = 0; at < samples * channels.length; at += 1) {
    body.writeInt16LE(channels[at % channels.length]?.[Math.floor(at / channels.length)] ?? 0, at * 2);
  }
  const shape = { sampleRateHz, channels: channels.length };
  return Buffer.concat([makeWavHeader(WAV_HEADER_BYTES + body.length, shape), body]);
}

/** Samples of a tone, rounded to 16 bits. */
export function tone(samples: number, periodSamples: number, amplitude = 8000): Int16Array {
  return Int16Array.from({ length: samples }, (_, at) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * at) / periodSamples)),
  );
}
