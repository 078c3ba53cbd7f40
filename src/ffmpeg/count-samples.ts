import { resolve } from "node:path";
import { type Demuxer, toDemuxerArguments, toFileUrl } from "./arguments.ts";
import type { Ffmpeg } from "./ffmpeg.ts";
import { FrameListing } from "./frame-listing.ts";
import { type RunFfmpegOptions, runFfmpeg } from "./run.ts";

/** A file whose samples are to be counted. */
export interface CountRequest {
  readonly path: string;
  readonly demuxer: Demuxer;
}

/** How much a decoder gave of one file. */
export interface SampleCount {
  /** Of each channel. */
  readonly samples: number;
  /** The rate that the decoder gave them at; 0 when it gave none. */
  readonly sampleRateHz: number;
}

export type CountOptions = Pick<RunFfmpegOptions, "signal" | "timeoutMs" | "confinement">;

/**
 * Large frames make few lines, and none is padded. Samples are timed by their number, in ticks of one sample: see `decode.ts`
 * for why no container's clock will do. Nothing is resampled.
 */
const COUNTED_FRAMES = "asetnsamples=n=65536:p=0,asettb=1/sr,asetpts=N";

/**
 * Builds the argument list that decodes the first audio stream of each file to its last sample, in one process, and lists on
 * stdout how many samples came. Each file is an input and an output stream of its own, in order.
 */
export function toCountArguments(files: readonly CountRequest[]): readonly string[] {
  return [
    ...files.flatMap(({ path, demuxer }) => [...toDemuxerArguments(demuxer, "file"), "-i", toFileUrl(path)]),
    ...files.flatMap((_, index) => ["-map", `${index}:a:0`]),
    ...["-af", COUNTED_FRAMES, "-c:a", "pcm_s16le", "-f", "framecrc", "pipe:1"],
  ];
}

/**
 * Decodes files side by side in one run and counts the samples of each; none are kept. When it succeeds, there was no
 * complaint about any of them. When it fails, that says nothing of a single one, unless there is only one.
 *
 * @returns the counts, in the order of the files.
 * @throws {FfmpegFailedError} ffmpeg failed or complained.
 * @throws the reason of `signal` when it aborts.
 */
export async function countSamples(
  ffmpeg: Ffmpeg,
  files: readonly CountRequest[],
  options: CountOptions,
): Promise<readonly SampleCount[]> {
  const listing = new FrameListing();
  const reads = files.map(({ path }) => resolve(path));
  await runFfmpeg(ffmpeg, toCountArguments(files), {
    ...options,
    reads,
    onStdout: (chunk) => listing.push(chunk.toString("latin1")),
  });
  return files.map((_, index) => listing.stream(index));
}
