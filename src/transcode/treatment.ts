import type { Structure } from "../audio/structure.ts";
import type { CallerChannel, Participant, Profile } from "../core/profile.ts";
import { toChannelMix } from "../ffmpeg/arguments.ts";
import { hasRateOf } from "./bitrate.ts";
import type { ConvertibleSource } from "./convertible-source.ts";
import { LossyRefusedError, ParticipantUnknownError, UnsupportedMediaError } from "./errors.ts";

/** What is done about a lossy source where the target is lossy too. */
export const LOSSY_POLICIES = ["allow", "refuse"] as const;
export type LossyPolicy = (typeof LOSSY_POLICIES)[number];

/** What is known and allowed beside source and target. */
export interface TreatmentOptions {
  readonly callerChannel: CallerChannel | undefined;
  readonly lossy: LossyPolicy;
}

/** How one target is made of one source. */
export interface Treatment {
  /** The source is what is wanted already, so that encoding it again could only make it worse. */
  readonly conforms: boolean;
  /** How its channels are made of the source's; see {@link toChannelMix}. */
  readonly channelMix: string | undefined;
  /** What ffmpeg does between decoding and encoding, in its own words; undefined for nothing but resampling. */
  readonly filter: string | undefined;
  /** What a reader of the record should know of the output's quality, a sentence each. */
  readonly remarks: readonly string[];
}

const COPIED = "the source is what is wanted: its very bytes, with whatever tags it bears";

/**
 * Decides how a target is made of a source.
 *
 * @param path - The source, as errors name it.
 * @throws {LossyRefusedError} {@link LossyPolicy}
 * @throws {ParticipantUnknownError} the wanted party cannot be told.
 * @throws {UnsupportedMediaError} there is no lawful way from the source's channels to the target's.
 */
export function toTreatment(
  path: string,
  { source, profile }: { readonly source: ConvertibleSource; readonly profile: Profile },
  { callerChannel, lossy }: TreatmentOptions,
): Treatment {
  const { structure } = source;
  const only = toOnlyChannel(path, structure, profile.participant, callerChannel);
  if (profile.channels === 2 && structure.channels > 2) {
    throw new UnsupportedMediaError(`${structure.channels} channels cannot be made two, only one: ${path}`);
  }
  const channelMix = toChannelMix({ sourceChannels: structure.channels, targetChannels: profile.channels, only });
  const conforms = channelMix === undefined && isConforming(source, profile);
  const isLossyAgain = source.isLossy && profile.format !== "wav" && !conforms;
  if (isLossyAgain && lossy === "refuse") {
    throw new LossyRefusedError(`${structure.codec} to ${profile.format} is lossy to lossy: ${path}`, {
      hint: "convert from the lossless original, to wav, or without --lossy refuse",
    });
  }
  const filters = [...(channelMix === undefined ? [] : [channelMix]), ...toLengthFilters(source, profile)];
  const filter = filters.length === 0 ? undefined : filters.join(",");
  return { conforms, channelMix, filter, remarks: conforms ? [COPIED] : toRemarks(source, profile) };
}

/** ffmpeg's resampler gives nothing at all of fewer samples than its filter is long. */
const SHORT_SAMPLES = 256;

/** Keeps the length what the samples say where resampling would not. */
function toLengthFilters({ structure }: ConvertibleSource, { sampleRateHz }: Profile): readonly string[] {
  const { samples, samplesRateHz } = structure;
  if (samples >= SHORT_SAMPLES || samplesRateHz === sampleRateHz) return [];
  const wanted = Math.max(1, Math.round((samples * sampleRateHz) / samplesRateHz));
  return [`apad=pad_len=${SHORT_SAMPLES * 16}`, `aresample=${sampleRateHz}`, `atrim=end_sample=${wanted}`];
}

function toOnlyChannel(
  path: string,
  { channels }: Structure,
  participant: Participant,
  callerChannel: CallerChannel | undefined,
): number | undefined {
  if (participant === "all") return undefined;
  if (channels !== 2) {
    const has = channels === 1 ? "is one channel, which holds whoever was recorded" : `are ${channels} channels`;
    throw new ParticipantUnknownError(`the ${participant} cannot be told apart, for there ${has}: ${path}`);
  }
  if (callerChannel === undefined) {
    throw new ParticipantUnknownError(`nothing says on which channel the caller is: ${path}`, {
      hint: "say it with --caller-channel left or right",
    });
  }
  return (callerChannel === "left") === (participant === "caller") ? 0 : 1;
}

function isConforming({ identity, structure }: ConvertibleSource, profile: Profile): boolean {
  return (
    identity.content.format === profile.format &&
    structure.codec === profile.codec &&
    structure.sampleRateHz === profile.sampleRateHz &&
    structure.complete !== false &&
    structure.defects.length === 0 &&
    structure.streamSpan === undefined &&
    // A WAV that was streamed does not say how long it is, which some players hold against it.
    (profile.format !== "wav" || structure.declaredDurationSeconds !== undefined) &&
    hasRateOf(profile, structure)
  );
}

function toRemarks({ structure, isLossy }: ConvertibleSource, profile: Profile): readonly string[] {
  const { codec, sampleRateHz, channels, streamSpan } = structure;
  const remarks: string[] = [];
  if (isLossy) {
    const what = profile.format === "wav" ? "what the codec left out does not come back" : "lossy to lossy";
    remarks.push(`made from ${codec}: ${what}`);
  }
  if (profile.sampleRateHz > sampleRateHz) {
    remarks.push(`upsampled from ${sampleRateHz} Hz: nothing above ${sampleRateHz / 2} Hz was recorded`);
  }
  if (streamSpan !== undefined) {
    const { startByte, endByte } = streamSpan;
    remarks.push(`ffmpeg was given the bytes from ${startByte} to before ${endByte}: those around them are not audio`);
  }
  if (profile.channels > channels) remarks.push("both channels are the one that was recorded");
  return remarks;
}
