/** Samples at 48 kHz of one frame, by the configuration in a packet's first five bits. RFC 6716 table 2. */
const FRAME_SAMPLES: readonly number[] = [
  ...[480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 1920, 2880],
  ...[480, 960, 480, 960],
  ...[120, 240, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960],
];

/** A packet holds 120 ms at most. RFC 6716 section 3.2.5, requirement R5. */
const MAX_PACKET_SAMPLES = 5760;

/**
 * Returns a packet's duration in samples at 48 kHz from its first two bytes; 0 when no decoder may take it.
 *
 * @param sizeBytes - Bytes of the packet that stand at `position`.
 * @see RFC 6716 section 3.1
 */
export function opusPacketSamples(bytes: Buffer, position: number, sizeBytes: number): number {
  const toc = sizeBytes === 0 ? undefined : bytes[position];
  if (toc === undefined) return 0;
  const samples =
    (FRAME_SAMPLES[toc >>> 3] ?? 0) * countFrames(toc & 3, sizeBytes < 2 ? 0 : (bytes[position + 1] ?? 0));
  return samples > MAX_PACKET_SAMPLES ? 0 : samples;
}

function countFrames(code: number, second: number): number {
  if (code === 3) return second & 0x3f;
  return code === 0 ? 1 : 2;
}
