import { expect, test } from "vitest";
import { compareSound } from "../../../benchmarks/quality/likeness.ts";

const RATE_HZ = 16000;
const SECONDS = 6;

/** Noise of a fixed generator (Numerical Recipes), within ±amplitude. */
const makeNoise = (amplitude: number, seed: number) => {
  let state = seed;
  return Float32Array.from({ length: SECONDS * RATE_HZ }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * amplitude;
  });
};

const source = makeNoise(0.5, 1);

test("what is the same has no distance, and the greatest ratio", () => {
  const likeness = compareSound(source, source, RATE_HZ);
  expect(likeness).toMatchObject({ logSpectralDistanceDb: 0, segmentalSnrDb: 35, lagSamples: 0 });
  expect(likeness.frames).toBeGreaterThan(590);
});

test("a shift is found, and makes no difference", () => {
  const late = new Float32Array(source.length);
  late.set(source.subarray(0, -69), 69);
  expect(compareSound(source, late, RATE_HZ)).toMatchObject({
    logSpectralDistanceDb: 0,
    segmentalSnrDb: 35,
    lagSamples: 69,
  });
});

test("half the amplitude is 6 dB of distance, and 6 dB of ratio", () => {
  const half = source.map((sample) => sample / 2);
  const { logSpectralDistanceDb, segmentalSnrDb } = compareSound(source, half, RATE_HZ);
  expect(logSpectralDistanceDb).toBeCloseTo(6.02, 2);
  expect(segmentalSnrDb).toBeCloseTo(6.02, 2);
});

test("noise of a tenth of the amplitude is 20 dB below", () => {
  const noise = makeNoise(0.05, 2);
  const noisy = source.map((sample, n) => sample + (noise[n] ?? 0));
  const { logSpectralDistanceDb, segmentalSnrDb } = compareSound(source, noisy, RATE_HZ);
  expect(segmentalSnrDb).toBeGreaterThan(19);
  expect(segmentalSnrDb).toBeLessThan(21);
  expect(logSpectralDistanceDb).toBeGreaterThan(0.1);
});

test("a band that is missing is seen by the spectrum alone where it is weak", () => {
  const low = Float32Array.from(source, (_, n) => 0.3 * Math.sin((2 * Math.PI * 500 * n) / RATE_HZ));
  const both = low.map((sample, n) => sample + 0.003 * Math.sin((2 * Math.PI * 5000 * n) / RATE_HZ));
  const { logSpectralDistanceDb, segmentalSnrDb } = compareSound(both, low, RATE_HZ);
  expect(segmentalSnrDb).toBe(35);
  expect(logSpectralDistanceDb).toBeGreaterThan(1);
});

test("silence is left out", () => {
  const half = source.map((sample, n) => (n < source.length / 2 ? sample : 0));
  const { frames } = compareSound(half, half, RATE_HZ);
  expect(frames).toBeGreaterThan(290);
  expect(frames).toBeLessThan(310);
});
