/** What the picture of a recording has: a stretch for each, of equal length in time. */
const STRETCHES = 240;

/** So many that, of a recording of whatever length, at least 16 lie in each stretch. */
const MAX_BINS = 32 * STRETCHES;

/** A byte stands for the square root of the amplitude, on which speech and a quiet line are both seen: -20 dB is a third. */
const FULL_BYTE = 255;

/** Gathers how loud one channel is, moment by moment, without knowing how many moments will come. Memory is bounded. */
export class LoudnessRow {
  readonly #bins = new Float32Array(MAX_BINS);
  #count = 0;
  /** How many moments a bin is the mean of. */
  #width = 1;
  #sum = 0;
  #summed = 0;

  /** Takes the amplitude of the next moment; 1 is full scale, and more counts as that. All moments are equally long. */
  add(amplitude: number): void {
    this.#sum += Math.min(amplitude, 1);
    this.#summed += 1;
    if (this.#summed === this.#width) this.#endBin();
  }

  /** Returns the mean amplitude of each stretch, from 0 to 255 for its square root; undefined when no moment came. */
  end(): Uint8Array | undefined {
    if (this.#summed > 0) this.#endBin();
    if (this.#count === 0) return undefined;
    const stretches = new Uint8Array(STRETCHES);
    for (const stretch of stretches.keys()) {
      const amplitude = this.#mean((stretch * this.#count) / STRETCHES);
      stretches[stretch] = Math.round(FULL_BYTE * Math.sqrt(amplitude));
    }
    return stretches;
  }

  #mean(from: number): number {
    const first = Math.floor(from);
    const end = Math.max(first + 1, Math.floor(from + this.#count / STRETCHES));
    let sum = 0;
    for (let at = first; at < end; at += 1) sum += this.#bins[at] ?? 0;
    return sum / (end - first);
  }

  #endBin(): void {
    this.#bins[this.#count] = this.#sum / this.#summed;
    this.#count += 1;
    this.#sum = 0;
    this.#summed = 0;
    if (this.#count === MAX_BINS) this.#halve();
  }

  #halve(): void {
    const bins = this.#bins;
    this.#count /= 2;
    this.#width *= 2;
    for (let at = 0; at < this.#count; at += 1) bins[at] = ((bins[2 * at] ?? 0) + (bins[2 * at + 1] ?? 0)) / 2;
  }
}
