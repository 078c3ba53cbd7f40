/** What the STREAMINFO block of a FLAC file says of all its frames. */
export interface FlacInfo {
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly bitsPerSample: number;
  /** Samples of every block but the last when blocks are of one size; the first sample of a frame is counted by it. */
  readonly blockSamples: number;
  /** Undefined when the writer did not know it, as one that writes to a pipe does not. */
  readonly totalSamples: number | undefined;
}

/** Size of a STREAMINFO block. */
export const FLAC_INFO_BYTES = 34;

/**
 * Reads a STREAMINFO block.
 *
 * @returns undefined when it is shorter than it must be, or states a rate or a block size of 0.
 * @see RFC 9639 section 8.2
 */
export function tryParseFlacInfo(block: Buffer): FlacInfo | undefined {
  if (block.length < FLAC_INFO_BYTES) return undefined;
  const packed = block.readUInt32BE(10);
  const blockSamples = block.readUInt16BE(2);
  const sampleRateHz = packed >>> 12;
  if (sampleRateHz === 0 || blockSamples === 0) return undefined;
  const totalSamples = (block.readUInt8(13) & 0x0f) * 2 ** 32 + block.readUInt32BE(14);
  return {
    sampleRateHz,
    channels: ((packed >>> 9) & 0x07) + 1,
    bitsPerSample: ((packed >>> 4) & 0x1f) + 1,
    blockSamples,
    totalSamples: totalSamples === 0 ? undefined : totalSamples,
  };
}
