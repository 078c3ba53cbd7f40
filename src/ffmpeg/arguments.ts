import { resolve } from "node:path";
import type { AudioFormat } from "../core/audio-format.ts";
import type { Profile } from "../core/profile.ts";

/** A source whose format is known from its bytes. */
export interface FfmpegSource {
  readonly path: string;
  readonly format: AudioFormat;
}

/** One output of a run. */
export interface FfmpegTarget {
  readonly path: string;
  readonly profile: Profile;
}

/** ffmpeg's names of the demuxers and muxers. */
const CONTAINERS: Readonly<Record<AudioFormat, string>> = { mp3: "mp3", wav: "wav", opus: "ogg" };

/**
 * Builds the argument list that decodes a source once and encodes it to every target.
 *
 * The demuxer is forced to what the bytes are and no other file can be opened: ffmpeg would follow a playlist
 * that is named like a recording. The output depends on source, settings and ffmpeg alone: no tags, no encoder
 * names, and a fixed Ogg serial number (`bitexact`).
 */
export function toConvertArguments(source: FfmpegSource, targets: readonly FfmpegTarget[]): readonly string[] {
  const container = CONTAINERS[source.format];
  return [
    ...["-protocol_whitelist", "file", "-format_whitelist", container, "-f", container],
    ...["-i", toFileUrl(source.path)],
    ...targets.flatMap(toTargetArguments),
  ];
}

function toTargetArguments({ path, profile }: FfmpegTarget): readonly string[] {
  return [
    ...["-map", "0:a:0", "-map_metadata", "-1", "-map_chapters", "-1"],
    ...["-ac", String(profile.channels), "-ar", String(profile.sampleRateHz)],
    ...toEncoderArguments(profile),
    ...["-flags:a", "+bitexact", "-fflags", "+bitexact"],
    ...["-f", CONTAINERS[profile.format], toFileUrl(path)],
  ];
}

/**
 * Opus is written at a constant rate. The documented size, 240 kB per minute at 32 kbps, is that of a constant
 * rate, and libopus' variable and constrained modes give 26 kbps for one leg of a call, which is half silence.
 */
function toEncoderArguments(profile: Profile): readonly string[] {
  switch (profile.encoder) {
    case "pcm_s16le":
      return ["-c:a", "pcm_s16le"];
    case "libmp3lame":
      return ["-c:a", "libmp3lame", "-b:a", `${profile.bitrateKbps}k`, "-id3v2_version", "0"];
    case "libopus":
      return ["-c:a", "libopus", "-b:a", `${profile.bitrateKbps}k`, "-vbr", "off"];
  }
}

/** A path that ffmpeg can take for nothing else: not for an option, and not for another protocol. */
function toFileUrl(path: string): string {
  return `file:${resolve(path)}`;
}
