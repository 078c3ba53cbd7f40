/** How a WAV's data is coded. */
export interface WavFormat {
  /** ffprobe's name; `wav_0x…` for a tag that is not in the table. */
  readonly codec: string;
  readonly sampleRateHz: number;
  readonly channels: number;
  /** Bytes of the smallest piece that can be decoded: one sample of each channel, or one block. Never 0. */
  readonly blockBytes: number;
  /** Samples per channel in a block; undefined for a codec that only its byte rate measures. */
  readonly blockSamples: number | undefined;
  readonly bytesPerSecond: number;
  readonly remarks: readonly string[];
}

const PCM = 0x0001;
const FLOAT = 0x0003;
const A_LAW = 0x0006;
const MU_LAW = 0x0007;
const EXTENSIBLE = 0xfffe;
const MIN_FORMAT_BYTES = 14;

/** Codecs that are told by their tag alone: name, and samples per block from the channels and bytes of one. */
interface TaggedCodec {
  readonly codec: string;
  /** Samples per channel, from bytes of a block per channel; undefined when only the byte rate tells. */
  readonly samples: ((bytesPerChannel: number) => number) | undefined;
}

/**
 * ADPCM: the block's header holds the first samples, every other byte two of them (MCI spec, "IMA ADPCM" and
 * "Microsoft ADPCM"). GSM 6.10: two frames of 160 samples in 65 bytes.
 */
const TAGGED: ReadonlyMap<number, TaggedCodec> = new Map<number, TaggedCodec>([
  [0x02, { codec: "adpcm_ms", samples: (bytes) => (bytes - 7) * 2 + 2 }],
  [0x11, { codec: "adpcm_ima_wav", samples: (bytes) => (bytes - 4) * 2 + 1 }],
  [0x20, { codec: "adpcm_yamaha", samples: (bytes) => bytes * 2 }],
  [0x31, { codec: "gsm_ms", samples: (bytes) => Math.floor(bytes / 65) * 320 }],
  [0x45, { codec: "adpcm_g726", samples: undefined }],
  [0x50, { codec: "mp2", samples: undefined }],
  [0x55, { codec: "mp3", samples: undefined }],
]);

/**
 * Reads the body of a `fmt ` chunk.
 *
 * @returns undefined when it is shorter than its fixed part.
 * @see RIFF MCI spec "WAVE format chunk"; Microsoft WAVEFORMATEXTENSIBLE
 */
export function tryParseWavFormat(chunk: Buffer): WavFormat | undefined {
  if (chunk.length < MIN_FORMAT_BYTES) return undefined;
  const plainTag = chunk.readUInt16LE(0);
  // The first two bytes of the sub-format GUID are the tag that the others replace.
  const tag = plainTag === EXTENSIBLE && chunk.length >= 26 ? chunk.readUInt16LE(24) : plainTag;
  const channels = chunk.readUInt16LE(2);
  const fields = {
    tag,
    channels,
    sampleRateHz: chunk.readUInt32LE(4),
    bytesPerSecond: chunk.readUInt32LE(8),
    blockAlign: chunk.readUInt16LE(12),
    bits: chunk.length >= 16 ? chunk.readUInt16LE(14) : 0,
  };
  return [PCM, FLOAT, A_LAW, MU_LAW].includes(tag) ? toLinear(fields) : toTagged(fields);
}

interface Fields {
  readonly tag: number;
  readonly channels: number;
  readonly sampleRateHz: number;
  readonly bytesPerSecond: number;
  readonly blockAlign: number;
  readonly bits: number;
}

/** The block size follows from bits and channels; a header that says otherwise is not believed. */
function toLinear({ tag, channels, sampleRateHz, blockAlign, bits }: Fields): WavFormat {
  const statedBytes = Math.ceil(bits / 8) || Math.floor(blockAlign / Math.max(1, channels));
  const sampleBytes = tag === A_LAW || tag === MU_LAW ? 1 : Math.max(1, statedBytes);
  const blockBytes = sampleBytes * Math.max(1, channels);
  const remarks = blockAlign === blockBytes ? [] : [`The header states blocks of ${blockAlign} bytes.`];
  return {
    codec: toLinearCodec(tag, sampleBytes),
    sampleRateHz,
    channels,
    blockBytes,
    blockSamples: 1,
    bytesPerSecond: sampleRateHz * blockBytes,
    remarks,
  };
}

function toLinearCodec(tag: number, sampleBytes: number): string {
  if (tag === A_LAW) return "pcm_alaw";
  if (tag === MU_LAW) return "pcm_mulaw";
  if (tag === FLOAT) return `pcm_f${sampleBytes * 8}le`;
  return sampleBytes === 1 ? "pcm_u8" : `pcm_s${sampleBytes * 8}le`;
}

function toTagged({ tag, channels, sampleRateHz, bytesPerSecond, blockAlign }: Fields): WavFormat {
  const known = TAGGED.get(tag);
  const codec = known?.codec ?? `wav_0x${tag.toString(16).padStart(4, "0")}`;
  const blockSamples = Math.floor(known?.samples?.(blockAlign / Math.max(1, channels)) ?? 0);
  const isByBlock = blockSamples > 0;
  const blockBytes = isByBlock ? blockAlign : 1;
  return {
    codec,
    sampleRateHz,
    channels,
    blockBytes,
    blockSamples: isByBlock ? blockSamples : undefined,
    bytesPerSecond: isByBlock ? (sampleRateHz * blockBytes) / blockSamples : bytesPerSecond,
    remarks: [],
  };
}
