import type { Identity } from "../audio/identify.ts";
import { OPEN_MP3_SAMPLES } from "../audio/sample-law.ts";
import type { Structure } from "../audio/structure.ts";
import type { Profile } from "../core/profile.ts";
import { isAtRate } from "./bitrate.ts";

/** MPEG-2 and 2.5 Layer III, which all rates that are offered need. */
const MP3_FRAME_SAMPLES = 576;

/**
 * What stands in an MP3 behind its last whole frame, if anything does. LAME pads with 576 to 1151 samples, of which the
 * decoder's delay takes 529, and ffmpeg notes of the rest what lies in the last frame: 576 at most. So 1 to 46 samples
 * there come out as 47, with silence behind.
 */
const LEAST_BEYOND_FRAMES = 1152 - 529 - MP3_FRAME_SAMPLES;

/** The delay of libopus in samples at 48 kHz, which an Opus file tells its decoder to skip. */
const OPUS_DELAY_SAMPLES = 312;

/**
 * Holds an output against what was asked for and against its source: format, codec, rate and channels; all of it
 * there and nothing wrong with it; and the length law, that as many samples come out as went in, times the ratio
 * of the rates, give or take the one that resampling rounds, and what {@link LEAST_BEYOND_FRAMES} says of an MP3.
 *
 * @returns what is wrong, one phrase each; nothing when the output is right.
 */
export function checkOutput(source: Structure, profile: Profile, { content, structure }: Identity): readonly string[] {
  if (structure === undefined || content.format !== profile.format) return [`the output is ${content.label}`];
  const problems: string[] = [];
  const demand = (asked: string | number, found: string | number, what: string) => {
    if (asked !== found) problems.push(`${what} is ${found} instead of ${asked}`);
  };
  demand(profile.codec, structure.codec, "the codec");
  demand(profile.sampleRateHz, structure.sampleRateHz, "the sample rate");
  demand(profile.channels, structure.channels, "the number of channels");
  if (!isAtRate(structure, profile)) {
    problems.push(`the bitrate is ${structure.bitrateKbps.toFixed(1)} kbps instead of ${profile.bitrateKbps}`);
  }
  problems.push(...structure.defects.map((defect) => defect.message));
  if (structure.complete === false) problems.push("the output is not complete");
  if (structure.samples === 0) problems.push("the output holds no audio");
  else problems.push(...checkLength(source, profile, structure));
  return problems;
}

function checkLength(source: Structure, profile: Profile, output: Structure): readonly string[] {
  const law = (source.samples * output.samplesRateHz) / source.samplesRateHz;
  const tolerance = toTolerance(source, profile, output);
  if (toLawfulLengths(law, profile).some((lawful) => Math.abs(output.samples - lawful) <= tolerance)) return [];
  const { samples, samplesRateHz } = output;
  return [`the output has ${samples} samples at ${samplesRateHz} Hz instead of ${Math.round(law)}`];
}

function toLawfulLengths(law: number, profile: Profile): readonly number[] {
  if (profile.format === "mp3") return [-1, 0, 1].map((rounded) => toMp3Samples(Math.round(law) + rounded));
  return [law, law + toLateStart(profile)];
}

/** @see {@link LEAST_BEYOND_FRAMES} */
function toMp3Samples(samples: number): number {
  const beyond = samples % MP3_FRAME_SAMPLES;
  return beyond === 0 ? samples : samples - beyond + Math.max(beyond, LEAST_BEYOND_FRAMES);
}

/**
 * Gives how many samples late an Opus output may begin. Builds of ffmpeg from before 2019 write the delay counted at
 * the input's rate into a field that counts at 48 kHz (RFC 7845 section 4.2), so a decoder skips too few of them: at
 * 16 kHz 208 samples or 4.3 ms of near silence stay in front. Goes when no such build is embedded any more.
 */
function toLateStart({ format, sampleRateHz }: Profile): number {
  return format === "opus" ? OPUS_DELAY_SAMPLES * (1 - sampleRateHz / 48000) : 0;
}

/** Gives the tolerance in samples of the output: one at the rate that was encoded, more where the source leaves it open. */
function toTolerance(source: Structure, profile: Profile, output: Structure): number {
  const rounding = output.samplesRateHz / profile.sampleRateHz;
  if (source.samplesExact && source.complete !== false) return rounding;
  return rounding + (OPEN_MP3_SAMPLES * output.samplesRateHz) / source.samplesRateHz;
}
