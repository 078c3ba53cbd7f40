import { NotAudioError } from "../archive/stored-audio.ts";
import type { Identity } from "../audio/identify.ts";
import { type ContentKind, isAudioKind } from "../audio/sniff.ts";
import type { Structure } from "../audio/structure.ts";
import type { AudioFormat } from "../core/audio-format.ts";
import type { Demuxer } from "../ffmpeg/arguments.ts";
import { UnsupportedMediaError } from "./errors.ts";

/** A source that our own reading of its bytes lets pass. */
export interface ConvertibleSource {
  readonly identity: Identity;
  readonly structure: Structure;
  readonly demuxer: Demuxer;
  /** Whether its codec has thrown something away. */
  readonly isLossy: boolean;
}

/** The demuxer of each format that is made here. */
export const DEMUXERS_BY_FORMAT: Readonly<Record<AudioFormat, Demuxer>> = { wav: "wav", mp3: "mp3", opus: "ogg" };

/** What is converted, each with the one demuxer that ffmpeg may use for it. */
const DEMUXERS: Readonly<Partial<Record<ContentKind, Demuxer>>> = {
  ...DEMUXERS_BY_FORMAT,
  flac: "flac",
  amr: "amr",
  "amr-wb": "amr",
  gsm: "gsm",
  g722: "g722",
};

/** A header that says less would make days of a few bytes. */
const MIN_SAMPLE_RATE_HZ = 1000;

/** A codec that gives every sample back as it was. */
const LOSSLESS = /^(?:pcm_[suf].*|flac)$/;

/**
 * The gate before ffmpeg: lets a recording pass whose bytes are of a kind that is converted, with audio in it.
 *
 * @throws {NotAudioError} the bytes are something else, or hold no audio.
 * @throws {UnsupportedMediaError} the bytes are audio of another kind.
 */
export function assertConvertible(path: string, identity: Identity): ConvertibleSource {
  const { content, structure } = identity;
  const demuxer = DEMUXERS[content.kind];
  if (demuxer === undefined || structure === undefined) {
    if (isAudioKind(content.kind)) throw new UnsupportedMediaError(`cannot convert ${content.label}: ${path}`);
    throw new NotAudioError(`not a recording but ${content.label}: ${path}`);
  }
  if (structure.samples === 0) throw new NotAudioError(`${content.label} without any audio: ${path}`);
  if (structure.sampleRateHz < MIN_SAMPLE_RATE_HZ) {
    throw new UnsupportedMediaError(`${content.label} at ${structure.sampleRateHz} Hz: ${path}`, {
      hint: "no voice was ever recorded so; its header is wrong",
    });
  }
  return { identity, structure, demuxer, isLossy: !LOSSLESS.test(structure.codec) };
}
