/** How much plaintext stands in a frame: what is in memory before it is authenticated. */
export const FRAME_BYTES = 1 << 20;

/** A piece of plaintext that becomes one frame. */
export interface PlainFrame {
  /** Good until the next is asked for. */
  readonly plain: Uint8Array;
  readonly isLast: boolean;
}

/** Puts chunks of any size together to full frames and a last one that is shorter and may be empty, all in one buffer. */
export async function* toFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<PlainFrame> {
  const frame = Buffer.allocUnsafe(FRAME_BYTES);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; ) {
      const part = chunk.subarray(from, from + FRAME_BYTES - filled);
      frame.set(part, filled);
      filled += part.length;
      from += part.length;
      if (filled < FRAME_BYTES) continue;
      yield { plain: frame, isLast: false };
      filled = 0;
    }
  }
  yield { plain: frame.subarray(0, filled), isLast: true };
}
