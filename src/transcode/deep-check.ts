import { ENVELOPE_RATE_HZ, type Envelope, EnvelopeBuilder } from "../audio/envelope.ts";
import type { AudioFormat } from "../core/audio-format.ts";
import type { Profile } from "../core/profile.ts";
import type { Demuxer } from "../ffmpeg/arguments.ts";
import { type DecodeOptions, decode } from "../ffmpeg/decode.ts";
import type { Ffmpeg } from "../ffmpeg/ffmpeg.ts";
import { findCancellation } from "./cancelled-mix.ts";
import { compareEnvelopes, type EnvelopeTolerance } from "./compare-envelopes.ts";

/** A conversion that was made. */
export interface DeepCheckRequest {
  readonly ffmpeg: Ffmpeg;
  readonly source: {
    readonly path: string;
    readonly demuxer: Demuxer;
    /** How many channels it has. */
    readonly channels: number;
    /** The filter that made the output's channels of the source's; undefined when they are the same. */
    readonly channelMix: string | undefined;
  };
  readonly output: { readonly path: string; readonly demuxer: Demuxer };
  /** What the output was made to be. */
  readonly profile: Profile;
}

export type DeepCheckOptions = Pick<DecodeOptions, "signal" | "timeoutMs" | "confinement">;

/** With fewer bits than this for each channel, codecs leave away the upper half of the band and guess at consonants. */
const FEW_BITS_KBPS = 16;
const FEW_BITS_TOLERANCE: EnvelopeTolerance = { secondDb: 7, levelDb: 6 };

/** Where there are bits enough. PCM is changed by resampling alone; Opus takes 2.5 dB off a noise that fills the band. */
const TOLERANCES: Readonly<Record<AudioFormat, EnvelopeTolerance>> = {
  wav: { secondDb: 1, levelDb: 0.5 },
  mp3: { secondDb: 4, levelDb: 1.5 },
  opus: { secondDb: 4, levelDb: 2.75 },
};

/**
 * Decodes an output and its source and compares how loud each channel is, second by second.
 *
 * @returns what is wrong, one phrase each; nothing when the output sounds like its source.
 * @throws {FfmpegFailedError} one of the two cannot be decoded without complaint.
 * @throws the reason of `signal` when it aborts.
 * @see docs/deep-check.md for what it finds, what it cannot find, and the measurements behind its limits
 */
export async function deepCheck(
  { ffmpeg, source, output, profile }: DeepCheckRequest,
  options: DeepCheckOptions,
): Promise<readonly string[]> {
  const { channelMix } = source;
  const found = await loadEnvelope(ffmpeg, { ...output, channels: profile.channels, filter: undefined }, options);
  if (channelMix === undefined) {
    const wanted = await loadEnvelope(ffmpeg, { ...source, filter: undefined }, options);
    return compareEnvelopes(wanted, found, toTolerance(profile));
  }
  const channels = source.channels + profile.channels;
  const both = await loadEnvelope(
    ffmpeg,
    { ...source, channels, filter: toBoth(source.channels, channelMix) },
    options,
  );
  const own = { ...both, channels: both.channels.slice(0, source.channels) };
  const mix = { ...both, channels: both.channels.slice(source.channels) };
  return [...findCancellation(own, mix), ...compareEnvelopes(mix, found, toTolerance(profile))];
}

/** Builds the filter that gives a source's own channels and, after them, their mix. */
function toBoth(channels: number, channelMix: string): string {
  // amerge must know how many channels come: a `pan` that changes nothing tells it.
  const same = Array.from({ length: channels }, (_, channel) => `c${channel}=c${channel}`);
  return `asplit[all][rest];[rest]${channelMix}[mix];[all]pan=${channels}c|${same.join("|")}[own];[own][mix]amerge`;
}

interface EnvelopeRequest {
  readonly path: string;
  readonly demuxer: Demuxer;
  /** How many come out of the filter. */
  readonly channels: number;
  readonly filter: string | undefined;
}

async function loadEnvelope(
  ffmpeg: Ffmpeg,
  { path, demuxer, channels, filter }: EnvelopeRequest,
  options: DeepCheckOptions,
): Promise<Envelope> {
  const builder = new EnvelopeBuilder(channels);
  const request = { path, demuxer, sampleRateHz: ENVELOPE_RATE_HZ, filter };
  await decode(ffmpeg, request, { ...options, onSamples: (chunk) => builder.update(chunk) });
  return builder.finish();
}

function toTolerance({ format, bitrateKbps, channels }: Profile): EnvelopeTolerance {
  return bitrateKbps / channels < FEW_BITS_KBPS ? FEW_BITS_TOLERANCE : TOLERANCES[format];
}
