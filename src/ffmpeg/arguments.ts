import { resolve } from "node:path";
import type { AudioFormat } from "../core/audio-format.ts";
import type { Effort, Profile } from "../core/profile.ts";

/** ffmpeg's names of the demuxers that a source is forced to. */
export type Demuxer = "wav" | "mp3" | "ogg" | "flac" | "amr" | "gsm" | "g722";

/** One output of a source. */
export interface FfmpegTarget {
  readonly path: string;
  readonly profile: Profile;
  /** What is done to the samples before they are resampled and encoded, in ffmpeg's words; undefined for nothing. */
  readonly filter: string | undefined;
}

/** A source whose kind is known from its bytes, and what is made of it. */
export interface FfmpegSource {
  readonly path: string;
  readonly demuxer: Demuxer;
  readonly targets: readonly FfmpegTarget[];
}

/** ffmpeg's names of the muxers. */
const MUXERS: Readonly<Record<AudioFormat, string>> = { mp3: "mp3", wav: "wav", opus: "ogg" };

/**
 * The encoders' own scales: libopus' complexity, where 10 is the most, and LAME's quality, where 0 is the most. The defaults
 * are ffmpeg's own, written out so that they do not change with the build. `docs/profiles.md` has the measurements.
 */
const COMPRESSION_LEVELS: Readonly<Record<"libopus" | "libmp3lame", Readonly<Record<Effort, number>>>> = {
  libopus: { fast: 5, default: 10, best: 10 },
  libmp3lame: { fast: 7, default: 3, best: 2 },
};

/**
 * Counts samples one after another, whatever the container's clock says: an Ogg file begins before zero, a lost page leaves a
 * hole, and the build of 2018 complains of its own Opus files. In ticks of one sample, for fractions of other ticks are cut off
 * and lose samples at the end.
 */
const SAMPLE_CLOCK = "asettb=1/sr,asetpts=N";

/**
 * Builds the argument list that decodes each source once and encodes it to all of its targets, side by side in one
 * process. What comes out of a source does not depend on its neighbours.
 *
 * The demuxer is forced to what the bytes are and no other file can be opened: ffmpeg would follow a playlist
 * that is named like a recording. The output depends on source, settings and ffmpeg alone: no tags, no encoder
 * names, and a fixed Ogg serial number (`bitexact`).
 */
export function toConvertArguments(sources: readonly FfmpegSource[]): readonly string[] {
  return [
    ...sources.flatMap(({ path, demuxer }) => [...toDemuxerArguments(demuxer, "file"), "-i", toFileUrl(path)]),
    ...sources.flatMap(({ targets }, index) => targets.flatMap((target) => toTargetArguments(index, target))),
  ];
}

/** Forces a demuxer, and shuts every protocol but those that are named. */
export function toDemuxerArguments(demuxer: Demuxer, protocols: string): readonly string[] {
  return ["-protocol_whitelist", protocols, "-format_whitelist", demuxer, "-f", demuxer];
}

function toTargetArguments(index: number, { path, profile, filter }: FfmpegTarget): readonly string[] {
  return [
    ...["-map", `${index}:a:0`, "-map_metadata", "-1", "-map_chapters", "-1"],
    ...["-af", filter === undefined ? SAMPLE_CLOCK : `${filter},${SAMPLE_CLOCK}`],
    ...["-ac", String(profile.channels), "-ar", String(profile.sampleRateHz)],
    ...toEncoderArguments(profile),
    ...["-flags:a", "+bitexact", "-fflags", "+bitexact"],
    ...["-f", MUXERS[profile.format], toFileUrl(path)],
  ];
}

function toEncoderArguments({ encoder, bitrateKbps, bitrateMode, effort }: Profile): readonly string[] {
  if (encoder === "pcm_s16le") return ["-c:a", encoder];
  const level = String(COMPRESSION_LEVELS[encoder][effort]);
  const rate = ["-c:a", encoder, "-b:a", `${bitrateKbps}k`, "-compression_level", level];
  return encoder === "libopus"
    ? [...rate, "-vbr", bitrateMode === "vbr" ? "constrained" : "off"]
    : [...rate, "-id3v2_version", "0"];
}

/** What of a source's channels goes into a target. */
export interface ChannelMixRequest {
  readonly sourceChannels: number;
  readonly targetChannels: 1 | 2;
  /** The one channel that is wanted, counted from 0; undefined for all of them. */
  readonly only: number | undefined;
}

/**
 * Builds the filter that makes a target's channels of a source's. Channels are mixed in equal parts that add up to one, so
 * that nothing clips, however loud all of them are; ffmpeg's own mixing lets floating-point samples go beyond.
 *
 * @returns undefined where nothing has to be mixed.
 */
export function toChannelMix({ sourceChannels, targetChannels, only }: ChannelMixRequest): string | undefined {
  if (only !== undefined) return sourceChannels === 1 ? undefined : `pan=mono|c0=c${only}`;
  if (sourceChannels === targetChannels) return undefined;
  if (targetChannels === 2) return "pan=stereo|c0=c0|c1=c0";
  const share = 1 / sourceChannels;
  return `pan=mono|c0=${Array.from({ length: sourceChannels }, (_, channel) => `${share}*c${channel}`).join("+")}`;
}

/** A path that ffmpeg can take for nothing else: not for an option, and not for another protocol. */
export function toFileUrl(path: string): string {
  return `file:${resolve(path)}`;
}
