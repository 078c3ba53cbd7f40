import { WaveformTaker } from "../../../src/audio/waveform.ts";
import type { Waveform } from "../../../src/core/packaged-recording.ts";

export const RATE_HZ = 16_000;

/** How loud each quarter of {@link staircase} is, and how high its picture: 255 for the square root of the amplitude. */
export const STEPS = [
  { amplitude: 0, height: 0 },
  { amplitude: 0.01, height: 25.5 },
  { amplitude: 0.1, height: 80.6 },
  { amplitude: 0.5, height: 180.3 },
] as const;

/** Samples of a tone of 400 Hz that grows in four steps of three seconds each. */
export function staircase(): Int16Array {
  const stepSamples = 3 * RATE_HZ;
  return Int16Array.from({ length: 4 * stepSamples }, (_, at) => {
    const amplitude = STEPS[Math.floor(at / stepSamples)]?.amplitude ?? 0;
    return Math.round(amplitude * 32767 * Math.sin((2 * Math.PI * at) / 40));
  });
}

/** Takes the waveform of bytes that come in pieces, cut at these places. */
export function takeWaveform(bytes: Uint8Array, cuts: readonly number[] = []): Waveform | undefined {
  const taker = new WaveformTaker();
  let from = 0;
  for (const cut of [...cuts, bytes.length].sort((a, b) => a - b)) {
    // A copy that is wiped after it was pushed: nothing may be kept of it.
    const piece = Uint8Array.from(bytes.subarray(from, cut));
    taker.push(piece);
    piece.fill(0x5a);
    from = cut;
  }
  return taker.end();
}

/** The rows of a waveform as numbers. */
export function toRows(waveform: Waveform | undefined): readonly (readonly number[])[] {
  return (waveform?.channels ?? []).map((row) => [...Buffer.from(row, "base64")]);
}

/** The middle of each quarter of a row, away from the steps. */
export function toQuarters(row: readonly number[] = []): readonly number[] {
  return [0, 1, 2, 3].map((quarter) => {
    const middle = row.slice(quarter * 60 + 10, quarter * 60 + 50);
    return middle.reduce((sum, height) => sum + height, 0) / middle.length;
  });
}
