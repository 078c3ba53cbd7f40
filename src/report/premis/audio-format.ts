import { type AudioFormat, isAudioFormat } from "../../core/audio-format.ts";
import type { PackagedAudio } from "../../core/packaged-recording.ts";
import type { PremisFormat } from "./object.ts";

const NAMES: Readonly<Record<AudioFormat, string>> = { mp3: "MP3", wav: "WAV", opus: "Ogg Opus" };

/** Below this rate Layer III is MPEG 2.5, of which the registry's entry does not speak (ISO/IEC 13818-3). */
const MIN_MPEG2_RATE_HZ = 16_000;

/** Writes what an original's bytes are, with what is wrong with them. */
export function toOriginalFormat(audio: PackagedAudio | undefined): PremisFormat {
  if (audio === undefined) return { name: "unknown", notes: ["not recognised as a recording"] };
  const { format, codec, sampleRateHz, complete, defects } = audio;
  const notes = [`codec: ${codec}, ${sampleRateHz} Hz`, ...defects.map((defect) => `defect: ${defect}`)];
  if (complete === false) notes.push("not complete: its headers declare more than is there");
  return { name: NAMES[format], pronom: toPronom(format, codec, sampleRateHz), notes };
}

/** Writes what a copy is by the name of the profile that it was made at, which begins with format, bitrate and rate. */
export function toCopyFormat(profile: string): PremisFormat {
  const [format = "", , rate] = profile.split("-");
  const notes = [`profile: ${profile}`];
  if (!isAudioFormat(format)) return { name: "unknown", notes };
  return { name: NAMES[format], pronom: toPronom(format, format, Number(rate)), notes };
}

/**
 * Finds the key of a format in PRONOM. A WAV has none here: the registry tells three apart by a length in the header that is
 * not recorded.
 *
 * @see https://www.nationalarchives.gov.uk/PRONOM/fmt/134 and fmt/946
 */
function toPronom(format: AudioFormat, codec: string, sampleRateHz: number): string | undefined {
  if (format === "opus") return "fmt/946";
  return format === "mp3" && codec === "mp3" && sampleRateHz >= MIN_MPEG2_RATE_HZ ? "fmt/134" : undefined;
}
