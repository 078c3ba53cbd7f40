import { forEachBounded } from "../async/for-each-bounded.ts";
import { type SampleShape, tryOpenSampleLoudness } from "../audio/sample-loudness.ts";
import { isHoldfastError } from "../core/errors.ts";
import type { Waveform } from "../core/packaged-recording.ts";
import type { Demuxer } from "../ffmpeg/arguments.ts";
import type { Confinement } from "../ffmpeg/confinement.ts";
import { decode } from "../ffmpeg/decode.ts";
import type { Ffmpeg } from "../ffmpeg/ffmpeg.ts";
import { toRealPath } from "../io/real-path.ts";

/** A recording whose waveform cannot be told without decoding it. */
export interface DecodableFile {
  readonly path: string;
  /** What its bytes are. */
  readonly demuxer: Demuxer;
  readonly channels: number;
}

/** What decoding takes. */
export interface DecodedWaveformContext {
  readonly ffmpeg: Ffmpeg;
  readonly confinement: Confinement;
  /** How many ffmpegs run at a time. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
}

/** A picture of speech needs no more. */
const RATE_HZ = 8000;

/** Longer than any call should take; the picture of one that takes longer is left out. */
const TIMEOUT_MS = 600_000;

/**
 * Decodes recordings and takes their waveforms from the samples, of which none are kept.
 *
 * @returns the waveforms in the order of the files; undefined of a file that ffmpeg does not decode without complaint, for a
 *   picture is not worth stopping for.
 * @throws the reason of `signal` when it aborts; no ffmpeg of this call runs any more then.
 */
export async function takeDecodedWaveforms(
  files: readonly DecodableFile[],
  context: DecodedWaveformContext,
): Promise<readonly (Waveform | undefined)[]> {
  const { concurrency, signal } = context;
  const waveforms: (Waveform | undefined)[] = files.map(() => undefined);
  const takeOne = async ([index, file]: [number, DecodableFile]) => {
    waveforms[index] = await tryTakeWaveform(file, context);
  };
  await forEachBounded(files.entries(), takeOne, { concurrency, signal });
  return waveforms;
}

async function tryTakeWaveform(
  { path, demuxer, channels }: DecodableFile,
  { ffmpeg, confinement, signal }: DecodedWaveformContext,
): Promise<Waveform | undefined> {
  const shape: SampleShape = { codec: "pcm_s16le", sampleRateHz: RATE_HZ, channels };
  const loudness = tryOpenSampleLoudness(shape);
  if (loudness === undefined) return undefined;
  try {
    const request = { path: await toRealPath(path), demuxer, sampleRateHz: RATE_HZ, filter: undefined };
    const onSamples = (chunk: Buffer) => loudness.push(chunk);
    await decode(ffmpeg, request, { confinement, signal, timeoutMs: TIMEOUT_MS, onSamples });
    return loudness.end();
  } catch (error) {
    signal?.throwIfAborted();
    if (isHoldfastError(error)) return undefined;
    throw error;
  }
}
