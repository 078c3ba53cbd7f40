/** The sizes of an RF64 or BW64 file, whose 32-bit fields all hold 0xFFFFFFFF. */
export interface WavSizes {
  readonly riffBytes: number;
  readonly dataBytes: number;
}

const DS64_BYTES = 24;

/**
 * Reads the body of a `ds64` chunk; undefined when it is cut.
 *
 * @see EBU Tech 3306 section 3.2, ITU-R BS.2088 section 4
 */
export function tryParseDs64(chunk: Buffer): WavSizes | undefined {
  if (chunk.length < DS64_BYTES) return undefined;
  return { riffBytes: Number(chunk.readBigUInt64LE(0)), dataBytes: Number(chunk.readBigUInt64LE(8)) };
}

/**
 * Tells a size that was written before the length was known and never corrected: zero, or a number next to
 * the limit of a signed or unsigned field, minus the header as some writers have it.
 */
export function isOpenSize(sizeBytes: number): boolean {
  const isSigned32 = sizeBytes >= 0x7fff0000 && sizeBytes <= 0x80000000;
  const isUnsigned32 = sizeBytes >= 0xffff0000 && sizeBytes <= 0xffffffff;
  return sizeBytes === 0 || isSigned32 || isUnsigned32 || sizeBytes > Number.MAX_SAFE_INTEGER;
}
