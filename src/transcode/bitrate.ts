import type { Structure } from "../audio/structure.ts";
import type { Profile } from "../core/profile.ts";

/** How far a constant rate may be off; an MP3 frame can be a byte longer than its neighbours, an Opus packet has whole bytes. */
const CONSTANT_TOLERANCE = 0.02;

/** How far libopus' constrained mode was seen to go above its rate, and for how many packets it may save up before. */
const VARIABLE_SURPLUS = 0.35;
const VARIABLE_RESERVOIR_PACKETS = 8;

/**
 * Tells whether an output of ours has the rate that was asked for: the very one where it is constant, not much more where it
 * is variable, for silence needs next to nothing.
 */
export function isAtRate(structure: Structure, { bitrateKbps, bitrateMode, format }: Profile): boolean {
  const { packetBytes, frames } = structure;
  const wantedBytes = bitrateKbps * 125 * toFrameSeconds(structure) * frames;
  if (bitrateMode === "vbr") {
    const reservoirBytes = (VARIABLE_RESERVOIR_PACKETS * wantedBytes) / frames;
    return packetBytes <= wantedBytes * (1 + VARIABLE_SURPLUS) + reservoirBytes;
  }
  const roundingBytes = format === "wav" ? 0 : frames;
  return Math.abs(packetBytes - wantedBytes) <= Math.max(CONSTANT_TOLERANCE * wantedBytes, roundingBytes);
}

/**
 * Tells whether a source has the rate of a profile, so that encoding it again could only make it worse: the very rate where the
 * profile's is constant, no more than it where it is variable.
 */
export function hasRateOf({ bitrateKbps, bitrateMode }: Profile, source: Structure): boolean {
  // Somebody else's Opus packets may be of any length; an MP3's mean is not that of its frames where padding is much of it.
  const { codec, packetBytes, frames } = source;
  const kbps = codec === "opus" ? source.bitrateKbps : packetBytes / 125 / (frames * toFrameSeconds(source));
  const surplus = kbps / bitrateKbps - 1;
  return bitrateMode === "cbr" ? Math.abs(surplus) <= CONSTANT_TOLERANCE : surplus <= CONSTANT_TOLERANCE;
}

/** MPEG-1 Layer III has 1152 samples a frame and MPEG-2 and 2.5 have 576; libopus is given 20 ms; a PCM frame is a sample. */
function toFrameSeconds({ codec, sampleRateHz }: Structure): number {
  if (codec === "opus") return 0.02;
  if (codec === "mp3") return (sampleRateHz >= 32000 ? 1152 : 576) / sampleRateHz;
  return 1 / sampleRateHz;
}
