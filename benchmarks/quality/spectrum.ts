/** The shortest power of two that holds a frame of 20 ms at 16 kHz. */
const SIZE = 512;
const BANDS = 40;
const LOWEST_HZ = 100;

/**
 * Gives the function that computes the power of a frame in 40 bands from 100 Hz to half the rate, spaced as the ear
 * hears pitch (mel; O'Shaughnessy's formula). The frame is windowed (Hann) and filled up with zeros.
 */
export function createBandMeter(frameLength: number, sampleRateHz: number): (frame: Float32Array) => Float64Array {
  const window = Float64Array.from(
    { length: frameLength },
    (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / frameLength),
  );
  const edges = toBandEdges(sampleRateHz);
  const [real, imaginary] = [new Float64Array(SIZE), new Float64Array(SIZE)];
  return (frame) => {
    real.fill(0);
    imaginary.fill(0);
    for (let n = 0; n < frameLength; n += 1) real[n] = (frame[n] ?? 0) * (window[n] ?? 0);
    transform(real, imaginary);
    return sumBands(real, imaginary, edges);
  };
}

/** The first bin of each band, and the end of the last; no band is without a bin. */
function toBandEdges(sampleRateHz: number): readonly number[] {
  const toMel = (hz: number) => 1127 * Math.log1p(hz / 700);
  const [low, high] = [toMel(LOWEST_HZ), toMel(sampleRateHz / 2)];
  const edges: number[] = [];
  for (let band = 0; band <= BANDS; band += 1) {
    const hz = 700 * Math.expm1((low + ((high - low) * band) / BANDS) / 1127);
    edges.push(Math.max(Math.round((hz * SIZE) / sampleRateHz), (edges.at(-1) ?? 0) + 1));
  }
  return edges;
}

function sumBands(real: Float64Array, imaginary: Float64Array, edges: readonly number[]): Float64Array {
  return Float64Array.from({ length: edges.length - 1 }, (_, band) => {
    let power = 0;
    for (let bin = edges[band] ?? 0; bin < (edges[band + 1] ?? 0); bin += 1) {
      power += (real[bin] ?? 0) ** 2 + (imaginary[bin] ?? 0) ** 2;
    }
    return power;
  });
}

/** Fourier transform in place, radix 2, decimation in time. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  reverseBits(real, imaginary);
  for (let half = 1; half < SIZE; half *= 2) {
    for (let offset = 0; offset < half; offset += 1) {
      const angle = (-Math.PI * offset) / half;
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      for (let top = offset; top < SIZE; top += 2 * half) {
        const bottom = top + half;
        const [re, im] = [real[bottom] ?? 0, imaginary[bottom] ?? 0];
        const [turnedRe, turnedIm] = [re * cosine - im * sine, re * sine + im * cosine];
        real[bottom] = (real[top] ?? 0) - turnedRe;
        imaginary[bottom] = (imaginary[top] ?? 0) - turnedIm;
        real[top] = (real[top] ?? 0) + turnedRe;
        imaginary[top] = (imaginary[top] ?? 0) + turnedIm;
      }
    }
  }
}

function reverseBits(real: Float64Array, imaginary: Float64Array): void {
  for (let index = 0, mirrored = 0; index < SIZE; index += 1) {
    if (index < mirrored) {
      for (const values of [real, imaginary]) {
        [values[index], values[mirrored]] = [values[mirrored] ?? 0, values[index] ?? 0];
      }
    }
    let bit = SIZE / 2;
    while (bit >= 1 && mirrored >= bit) {
      mirrored -= bit;
      bit /= 2;
    }
    mirrored += bit;
  }
}
