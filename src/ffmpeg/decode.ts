import { resolve } from "node:path";
import { type Demuxer, toDemuxerArguments, toFileUrl } from "./arguments.ts";
import type { Ffmpeg } from "./ffmpeg.ts";
import { type RunFfmpegOptions, runFfmpeg } from "./run.ts";

/** A file to be decoded, and at which rate its samples are wanted. */
export interface DecodeRequest {
  readonly path: string;
  readonly demuxer: Demuxer;
  readonly sampleRateHz: number;
  /** Made of the decoded channels at that rate; undefined for the channels as they are. */
  readonly filter: string | undefined;
}

/** Bounds of a decoding. */
export type DecodeOptions = Pick<RunFfmpegOptions, "signal" | "timeoutMs" | "confinement"> & {
  /** Gets interleaved 16-bit little-endian samples, split anywhere; it must not throw. */
  readonly onSamples: (chunk: Buffer) => void;
};

/**
 * Times the samples by their number. The end of an Opus file may otherwise get the time of what is before it, and ffmpeg
 * complains that its times do not increase, though nothing is wrong with the samples.
 */
const COUNTED_TIME = "asetpts=N";

/** Builds the argument list that decodes the first audio stream of one file to raw 16-bit samples on stdout. */
export function toDecodeArguments({ path, demuxer, sampleRateHz, filter }: DecodeRequest): readonly string[] {
  const resample = `aresample=${sampleRateHz}`;
  return [
    ...[...toDemuxerArguments(demuxer, "file"), "-i", toFileUrl(path)],
    ...["-map", "0:a:0", "-af", [resample, ...(filter === undefined ? [] : [filter]), COUNTED_TIME].join(",")],
    ...["-c:a", "pcm_s16le", "-f", "s16le", "pipe:1"],
  ];
}

/**
 * Decodes a file and hands its samples on while ffmpeg writes them; none are kept.
 *
 * @throws {FfmpegFailedError} ffmpeg failed or complained; what came was not all.
 * @throws the reason of `signal` when it aborts.
 */
export async function decode(ffmpeg: Ffmpeg, request: DecodeRequest, options: DecodeOptions): Promise<void> {
  const { onSamples, ...bounds } = options;
  const reads = [resolve(request.path)];
  await runFfmpeg(ffmpeg, toDecodeArguments(request), { ...bounds, reads, onStdout: onSamples });
}
