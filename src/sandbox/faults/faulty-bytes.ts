import { setTimeout as delay } from "node:timers/promises";

/** A body as it is sent. */
export type Chunks = AsyncIterable<Uint8Array>;

const DRIPS_PER_SECOND = 10;

/** Passes on the first bytes and no others. */
export async function* takeBytes(chunks: Chunks, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const chunk of chunks) {
    if (left > 0) yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}

/** Passes all bytes on, so many a second. */
export async function* dripBytes(chunks: Chunks, bytesPerSecond: number): AsyncGenerator<Uint8Array> {
  const step = Math.max(1, Math.floor(bytesPerSecond / DRIPS_PER_SECOND));
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += step) {
      yield chunk.subarray(from, from + step);
      await delay(1000 / DRIPS_PER_SECOND);
    }
  }
}

/** Passes all bytes on, those at `offsets` inverted. */
export async function* flipBytes(chunks: Chunks, offsets: ReadonlySet<number>): AsyncGenerator<Uint8Array> {
  let position = 0;
  for await (const chunk of chunks) {
    const flipped = Uint8Array.from(chunk);
    for (const offset of offsets) {
      const index = offset - position;
      if (index >= 0 && index < flipped.length) flipped[index] = ~(flipped[index] ?? 0);
    }
    position += chunk.length;
    yield flipped;
  }
}
