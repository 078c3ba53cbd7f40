/**
 * Frame headers of MPEG audio as 32-bit numbers: eleven bits of sync, then version, layer, protection,
 * bitrate, rate, padding, private, mode, mode extension, copyright, original, emphasis.
 *
 * @see ISO/IEC 11172-3 clause 2.4.1.3, ISO/IEC 13818-3 clause 2.4.1.3; MPEG 2.5 is Fraunhofer's extension
 */
export interface MpegFormat {
  readonly version: 1 | 2 | 2.5;
  readonly layer: 1 | 2 | 3;
  readonly sampleRateHz: number;
  readonly channels: 1 | 2;
  readonly samplesPerFrame: number;
}

const SYNC_MASK = 0xffe00000;
/** Version, layer and rate never change within a stream; bitrate, padding and mode do. */
const SAME_STREAM_MASK = 0xfffe0c00;

const RATES_HZ = [44100, 48000, 32000] as const;
const RATE_DIVISORS = { 1: 1, 2: 2, 2.5: 4 } as const;
/** Bitrates in kbit/s for indexes 1 to 14. */
const KBPS_V1: Readonly<Record<1 | 2 | 3, readonly number[]>> = {
  1: [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  2: [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  3: [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
};
const KBPS_V2_LAYER_1: readonly number[] = [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256];
const KBPS_V2: readonly number[] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/** Reads version, layer, rate and mode; undefined when a field holds a reserved value. */
export function tryParseMpegHeader(header: number): MpegFormat | undefined {
  if ((header & SYNC_MASK) >>> 0 !== SYNC_MASK) return undefined;
  const version = ([2.5, undefined, 2, 1] as const)[(header >>> 19) & 3];
  const layer = ([undefined, 3, 2, 1] as const)[(header >>> 17) & 3];
  const rateHz = RATES_HZ[(header >>> 10) & 3];
  if (version === undefined || layer === undefined || rateHz === undefined) return undefined;
  const sampleRateHz = rateHz / RATE_DIVISORS[version];
  return { version, layer, sampleRateHz, channels: isMono(header) ? 1 : 2, samplesPerFrame: toSamples(version, layer) };
}

function toSamples(version: MpegFormat["version"], layer: MpegFormat["layer"]): number {
  if (layer === 1) return 384;
  return layer === 3 && version !== 1 ? 576 : 1152;
}

function isMono(header: number): boolean {
  return ((header >>> 6) & 3) === 3;
}

/** Tells whether a CRC-16 stands behind the header. */
export function isProtected(header: number): boolean {
  return ((header >>> 16) & 1) === 0;
}

/** Tells whether two headers can belong to one stream. */
export function isSameStream(header: number, other: number): boolean {
  return ((header ^ other) & SAME_STREAM_MASK) === 0;
}

/** Tells a frame whose bitrate is not in the table: its length is found by looking for the next header. */
export function isFreeFormat(header: number): boolean {
  return ((header >>> 12) & 15) === 0;
}

/** Bytes of Layer III side information, which stand between header (and CRC) and the audio data. */
export function sideInfoBytes(format: MpegFormat): number {
  if (format.version === 1) return format.channels === 1 ? 17 : 32;
  return format.channels === 1 ? 9 : 17;
}

/** One byte more, four in Layer I, when the padding bit is set. */
export function paddingBytes(header: number): number {
  if (((header >>> 9) & 1) === 0) return 0;
  return ((header >>> 17) & 3) === 3 ? 4 : 1;
}

/** Frame lengths by bits 9 to 20 of the header: everything that the length depends on. 0: no such frame. */
const FRAME_BYTES = Uint16Array.from({ length: 1 << 12 }, (_, bits) => toFrameBytes((SYNC_MASK | (bits << 9)) >>> 0));

function toFrameBytes(header: number): number {
  const format = tryParseMpegHeader(header);
  const index = (header >>> 12) & 15;
  if (format === undefined || index === 0 || index === 15) return 0;
  const { version, layer, sampleRateHz, samplesPerFrame } = format;
  const table = version === 1 ? KBPS_V1[layer] : layer === 1 ? KBPS_V2_LAYER_1 : KBPS_V2;
  const bitsPerSecond = (table[index - 1] ?? 0) * 1000;
  const slotBytes = layer === 1 ? 4 : 1;
  const slots = Math.floor((samplesPerFrame / 8 / slotBytes) * (bitsPerSecond / sampleRateHz));
  return slots * slotBytes + paddingBytes(header);
}

/**
 * Returns a frame's length in bytes, header included; 0 when this is no frame header.
 *
 * @param freeBytes - Length of an unpadded free-format frame of this stream; 0 when it has none.
 */
export function mpegFrameBytes(header: number, freeBytes: number): number {
  if ((header & SYNC_MASK) >>> 0 !== SYNC_MASK) return 0;
  const known = FRAME_BYTES[(header >>> 9) & 0xfff] ?? 0;
  if (known > 0 || freeBytes === 0 || !isFreeFormat(header)) return known;
  return tryParseMpegHeader(header) === undefined ? 0 : freeBytes + paddingBytes(header);
}
