import type { Encoding } from "./convert-job.ts";

/** A run of ffmpeg opens all of its files at once, and one that fails is done again source by source. */
const MAX_SOURCES = 16;

/** Beyond so much output, starting ffmpeg is nothing beside encoding, and a batch only makes its members wait. */
const MAX_OUTPUT_SECONDS = 240;

/** Below so much, starting ffmpeg costs more than encoding. */
const MIN_OUTPUT_SECONDS = 20;

/** Each run takes this part of what is left for one slot, so that the last ones end together. */
const SHARE = 1 / 2;

/** How much there is to do. */
export interface Workload {
  /** Runs that may be under way at once. */
  readonly slots: number;
  /** Estimates how much output there is in what has not been batched yet. */
  readonly remainingSeconds: () => number;
}

/**
 * Puts sources together that are encoded in one run of ffmpeg, in the order they come. Starting ffmpeg costs as much as
 * encoding 20 s of audio, so short recordings go many to a run; batches grow smaller towards the end (guided
 * self-scheduling), so that no core waits long for the last one. A source with defects goes alone, for ffmpeg is likely
 * to complain of it.
 *
 * @see C. Polychronopoulos and D. Kuck, "Guided self-scheduling", IEEE Transactions on Computers 36 (1987)
 */
export async function* toBatches(
  encodings: AsyncIterable<Encoding>,
  { slots, remainingSeconds }: Workload,
): AsyncGenerator<readonly Encoding[]> {
  let batch: Encoding[] = [];
  let seconds = 0;
  for await (const encoding of encodings) {
    if (encoding.source.structure.defects.length > 0) {
      yield [encoding];
      continue;
    }
    batch.push(encoding);
    seconds += toOutputSeconds(encoding);
    const share = ((seconds + remainingSeconds()) * SHARE) / slots;
    if (batch.length < MAX_SOURCES && seconds < Math.min(Math.max(share, MIN_OUTPUT_SECONDS), MAX_OUTPUT_SECONDS)) {
      continue;
    }
    yield batch;
    [batch, seconds] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

function toOutputSeconds({ source, outputs }: Encoding): number {
  return source.structure.durationSeconds * outputs.length;
}
