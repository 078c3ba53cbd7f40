import type { AudioFormat } from "../../src/core/audio-format.ts";
import { readMpegFrames } from "./mpeg-frames.ts";
import { readOggPages } from "./ogg-pages.ts";

/** Where the audio of a whole file stands. Read with code of its own: what is tested is not asked. */
export interface AudioMap {
  /** Bytes before the first piece of audio. */
  readonly headBytes: number;
  readonly durationSeconds: number;
  /** The pieces that are lost as one: samples of a WAV, frames of an MP3, pages of an Opus file. */
  readonly pieces: readonly AudioPiece[];
}

/** A piece of audio, and up to where a decoder gets with it. */
interface AudioPiece {
  readonly from: number;
  readonly to: number;
  readonly endSeconds: number;
}

/** Maps a sound file. */
export function mapAudio(format: AudioFormat, bytes: Buffer): AudioMap {
  const pieces = { wav: mapWav, mp3: mapMp3, opus: mapOpus }[format](bytes);
  return { pieces, headBytes: pieces[0]?.from ?? bytes.length, durationSeconds: pieces.at(-1)?.endSeconds ?? 0 };
}

/** Gives the seconds of audio that are left when a file ends at `cutAt`. */
export function keptSeconds({ pieces }: AudioMap, cutAt: number): number {
  return pieces.findLast(({ to }) => to <= cutAt)?.endSeconds ?? 0;
}

/** Gives the seconds of the pieces of which one byte or more lies in a range. */
export function touchedSeconds({ pieces }: AudioMap, { from, to }: { readonly from: number; readonly to: number }) {
  const first = pieces.findIndex((piece) => piece.to > from);
  const last = pieces.findLastIndex((piece) => piece.from < to);
  if (first === -1 || last < first) return 0;
  return (pieces[last]?.endSeconds ?? 0) - (pieces[first - 1]?.endSeconds ?? 0);
}

/**
 * Counts the pieces that a doubled range is in, or that are in it. Where there is none, two pieces that it begins and
 * ends in are both still there as a whole, one before and one behind the rests of them.
 */
export function tracesOfDoubling({ pieces }: AudioMap, range: { readonly from: number; readonly to: number }): number {
  const isInside = (inner: typeof range, outer: typeof range) => inner.from >= outer.from && inner.to <= outer.to;
  return pieces.filter((piece) => isInside(piece, range) || isInside(range, piece)).length;
}

/** Samples are put together, two hundred a second, which is finer than what is asked. */
function mapWav(bytes: Buffer): readonly AudioPiece[] {
  const dataAt = bytes.indexOf("data") + 8;
  const end = dataAt + bytes.readUInt32LE(dataAt - 4);
  const formatAt = bytes.indexOf("fmt ") + 8;
  const bytesPerSecond = bytes.readUInt32LE(formatAt + 8);
  const pieceBytes = bytesPerSecond / 200;
  return Array.from({ length: Math.ceil((end - dataAt) / pieceBytes) }, (_, index) => {
    const from = dataAt + index * pieceBytes;
    const to = Math.min(end, from + pieceBytes);
    return { from, to, endSeconds: (to - dataAt) / bytesPerSecond };
  });
}

/** The encoder's padding is the first that is lost at the end. */
function mapMp3(bytes: Buffer): readonly AudioPiece[] {
  const { frames, samplesPerFrame, sampleRateHz, delaySamples, paddingSamples } = readMpegFrames(bytes);
  const total = frames.length * samplesPerFrame - paddingSamples;
  return frames.map(({ from, to }, index) => {
    const samples = Math.min((index + 1) * samplesPerFrame, total) - delaySamples;
    return { from, to, endSeconds: Math.max(0, samples) / sampleRateHz };
  });
}

/** The granule position is the clock: nothing is counted. */
function mapOpus(bytes: Buffer): readonly AudioPiece[] {
  const [head, , ...pages] = readOggPages(bytes);
  const preSkip = head === undefined ? 0 : head.body.readUInt16LE(10);
  return pages.map(({ from, to, granule }) => ({
    ...{ from, to },
    endSeconds: Math.max(0, Number(granule) - preSkip) / 48000,
  }));
}
