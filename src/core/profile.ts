import type { AudioFormat } from "./audio-format.ts";
import { ProfileError } from "./errors.ts";

/** The documented settings of one format, as data. */
export interface ProfileRules {
  /** ffmpeg's name of the encoder. */
  readonly encoder: "libmp3lame" | "pcm_s16le" | "libopus";
  /** The codec's name as ffprobe and the reports say it. */
  readonly codec: "mp3" | "pcm_s16le" | "opus";
  /** Allowed rates; the first is the default. */
  readonly sampleRatesHz: readonly [number, ...number[]];
  /** Allowed bitrates in kbit/s, both ends included; undefined when the rate is fixed by PCM. */
  readonly bitrateKbps: { readonly default: number; readonly min: number; readonly max: number } | undefined;
}

/**
 * The vendor's three formats: mp3 64 kbps at 16 kHz, wav as s16le mono at 16 kHz (256 kbps), opus 32 kbps
 * at 16 or 48 kHz. The `sample_rate` parameter also takes 8000 for each.
 *
 * The mp3 bounds are those of MPEG-2 Layer III (ISO/IEC 13818-3); the opus bounds are RFC 6716 section 2.1.1.
 *
 * @see Vendor API page, "Recording Formats" and "Recording Parameters"
 */
export const PROFILES: Readonly<Record<AudioFormat, ProfileRules>> = {
  mp3: {
    encoder: "libmp3lame",
    codec: "mp3",
    sampleRatesHz: [16000, 8000],
    bitrateKbps: { default: 64, min: 8, max: 160 },
  },
  wav: { encoder: "pcm_s16le", codec: "pcm_s16le", sampleRatesHz: [16000, 8000], bitrateKbps: undefined },
  opus: {
    encoder: "libopus",
    codec: "opus",
    sampleRatesHz: [16000, 8000, 48000],
    bitrateKbps: { default: 32, min: 6, max: 256 },
  },
};

/** Below this libopus folds two channels into one, and with them the parties of a call; seen at 16, not at 24. */
const STEREO_OPUS_MIN_KBPS = 24;

/** Layer III bitrates in kbit/s that MPEG-2 and 2.5 can write (ISO/IEC 13818-3); libmp3lame rounds others silently. */
const MPEG2_BITRATES_KBPS: readonly number[] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
/** MPEG-2.5, which 8 kHz needs, has no Layer III rate above 64 kbit/s in LAME. */
const MPEG25_MAX_KBPS = 64;

/** How hard an encoder tries: `docs/profiles.md` has what each costs and gives. */
export const EFFORTS = ["fast", "default", "best"] as const;
export type Effort = (typeof EFFORTS)[number];

/** Whose voice is converted, in the vendor's words. */
export const PARTICIPANTS = ["all", "caller", "callee"] as const;
export type Participant = (typeof PARTICIPANTS)[number];

/** On which channel of a two-party recording the caller is. */
export const CALLER_CHANNELS = ["left", "right"] as const;
export type CallerChannel = (typeof CALLER_CHANNELS)[number];

/** One target of a conversion with every setting decided. */
export interface Profile {
  readonly format: AudioFormat;
  readonly encoder: ProfileRules["encoder"];
  readonly codec: ProfileRules["codec"];
  readonly bitrateKbps: number;
  /** `vbr` is constrained: the rate may fall below `bitrateKbps`, and not rise above it for long. */
  readonly bitrateMode: "cbr" | "vbr";
  readonly sampleRateHz: number;
  readonly channels: 1 | 2;
  readonly effort: Effort;
  readonly participant: Participant;
}

/** What a user may choose of a {@link Profile}; the rest is as documented. */
export interface ProfileChoice {
  /** @default 64 for mp3, 32 for opus; wav has none. */
  readonly bitrateKbps?: number | undefined;
  /** @default 16000 */
  readonly sampleRateHz?: number | undefined;
  /** @default 1, as the documented rates and sizes imply. */
  readonly channels?: 1 | 2 | undefined;
  /** Whether opus keeps the very rate, and so the documented size; mp3 and wav always do. @default false */
  readonly cbr?: boolean | undefined;
  /** @default "default" */
  readonly effort?: Effort | undefined;
  /** @default "all" */
  readonly participant?: Participant | undefined;
}

/**
 * Decides every setting of a conversion to `format`.
 *
 * @throws {ProfileError} a choice that the format does not allow; the message names the legal ones.
 */
export function toProfile(format: AudioFormat, choice: ProfileChoice = {}): Profile {
  const rules = PROFILES[format];
  const sampleRateHz = choice.sampleRateHz ?? rules.sampleRatesHz[0];
  if (!rules.sampleRatesHz.includes(sampleRateHz)) {
    throw new ProfileError(`${format} at ${sampleRateHz} Hz is not offered: choose ${rules.sampleRatesHz.join(", ")}`);
  }
  const { channels = 1, participant = "all", cbr = false, effort = "default" } = choice;
  if (participant !== "all" && channels !== 1) {
    throw new ProfileError(`the ${participant} alone has one channel: choose 1, or the participants all`);
  }
  return {
    format,
    encoder: rules.encoder,
    codec: rules.codec,
    bitrateKbps: toBitrateKbps(format, { sampleRateHz, channels, asked: choice.bitrateKbps }),
    bitrateMode: format === "opus" && !cbr ? "vbr" : "cbr",
    sampleRateHz,
    channels,
    effort: toEffort(format, effort),
    participant,
  };
}

/** PCM leaves an encoder no choice, and libopus tries its best unless it is told not to. */
function toEffort(format: AudioFormat, asked: Effort): Effort {
  return format === "wav" || (format === "opus" && asked === "best") ? "default" : asked;
}

function toBitrateKbps(
  format: AudioFormat,
  { sampleRateHz, channels, asked }: { sampleRateHz: number; channels: number; asked: number | undefined },
): number {
  const range = PROFILES[format].bitrateKbps;
  if (range === undefined) {
    const pcmKbps = (sampleRateHz * channels * 16) / 1000;
    if (asked === undefined || asked === pcmKbps) return pcmKbps;
    throw new ProfileError(`${format} has no bitrate to choose: 16-bit PCM at ${sampleRateHz} Hz is ${pcmKbps} kbps`);
  }
  const bitrateKbps = asked ?? range.default;
  if (format === "mp3") return toMp3Bitrate(bitrateKbps, sampleRateHz);
  if (!Number.isInteger(bitrateKbps) || bitrateKbps < range.min || bitrateKbps > range.max) {
    throw new ProfileError(`${format} at ${bitrateKbps} kbps is not offered: choose ${range.min} to ${range.max}`);
  }
  if (format === "opus" && channels === 2 && bitrateKbps < STEREO_OPUS_MIN_KBPS) {
    throw new ProfileError(
      `opus at ${bitrateKbps} kbps keeps no two channels apart: choose ${STEREO_OPUS_MIN_KBPS} or more, or one channel`,
    );
  }
  return bitrateKbps;
}

function toMp3Bitrate(bitrateKbps: number, sampleRateHz: number): number {
  const maxKbps = sampleRateHz < 16000 ? MPEG25_MAX_KBPS : Number.POSITIVE_INFINITY;
  const legal = MPEG2_BITRATES_KBPS.filter((kbps) => kbps <= maxKbps);
  if (legal.includes(bitrateKbps)) return bitrateKbps;
  throw new ProfileError(
    `mp3 at ${bitrateKbps} kbps and ${sampleRateHz} Hz is not offered: choose ${legal.join(", ")}`,
  );
}

/**
 * Names a profile the way a derivative's file name does: `opus-32k-16000`, with what is not the default behind it:
 * `opus-32k-16000-2ch-cbr-best`, `mp3-64k-16000-caller`.
 *
 * @see {@link PROFILE_NAME}
 */
export function toProfileName(profile: Profile): string {
  const { format, bitrateKbps, bitrateMode, sampleRateHz, channels, participant, effort } = profile;
  return [
    `${format}-${bitrateKbps}k-${sampleRateHz}`,
    ...(channels === 2 ? ["2ch"] : []),
    ...(format === "opus" && bitrateMode === "cbr" ? ["cbr"] : []),
    ...(participant === "all" ? [] : [participant]),
    ...(effort === "default" ? [] : [effort]),
  ].join("-");
}

/** What {@link toProfileName} gives, as the source of a regular expression. */
export const PROFILE_NAME = "(?:mp3|wav|opus)-\\d+k-\\d+(?:-2ch)?(?:-cbr)?(?:-caller|-callee)?(?:-fast|-best)?";
