import { OPEN_MP3_SAMPLES } from "../../audio/sample-law.ts";
import type { Structure } from "../../audio/structure.ts";
import { inSeconds } from "../../audio/wording.ts";
import type { Finding } from "../../core/finding.ts";
import type { SampleCount } from "../../ffmpeg/count-samples.ts";
import type { Decodable } from "./decoding.ts";

/** The longest packet, 120 ms at 48 kHz. RFC 6716 section 2.1.4 */
const MAX_OPUS_PACKET_SAMPLES = 5760;

const NOTHING: SampleCount = { samples: 0, sampleRateHz: 0 };

/** Holds what came out of a decoder against what our own reading of the bytes has counted. Pure. */
export function judgeCount(
  { path, structure }: Decodable,
  { samples, sampleRateHz }: SampleCount = NOTHING,
): readonly Finding[] {
  const toFinding = (kind: Finding["kind"], message: string, detail: Finding["detail"]) => [
    { kind, subject: path, message, detail },
  ];
  const { samples: expected, samplesRateHz, durationSeconds } = structure;
  if (samples === 0) {
    const message = `no audio comes out of it, though its structure shows ${inSeconds(durationSeconds)}`;
    return toFinding("no-audio", message, { expected, found: 0, lostSeconds: durationSeconds });
  }
  if (sampleRateHz !== samplesRateHz) {
    const message = `it is decoded at ${sampleRateHz} Hz instead of ${samplesRateHz} Hz`;
    return toFinding("duration-mismatch", message, { expected: samplesRateHz, found: sampleRateHz });
  }
  if (Math.abs(samples - expected) <= toTolerance(structure)) return [];
  const lostSeconds = Math.max(0, (expected - samples) / samplesRateHz);
  const message = `it is decoded to ${toWords(samples, samplesRateHz)}, and should be ${toWords(expected, samplesRateHz)}`;
  return toFinding("duration-mismatch", message, { expected, found: samples, lostSeconds });
}

function toWords(samples: number, rateHz: number): string {
  return `${samples} samples (${inSeconds(samples / rateHz)})`;
}

/**
 * Gives by how many samples a decoder may lawfully differ; without bound where the bytes do not tell how much must come out,
 * or where the structure's defects have told already that it is not what it should be.
 */
function toTolerance(structure: Structure): number {
  const { container, samplesExact, defects, links, frames, packetBytes } = structure;
  if (links !== undefined || defects.some(({ kind }) => kind !== "trailing-data")) return Number.POSITIVE_INFINITY;
  // Decoders of before 2019 skip nothing at the begin of a packet whose end is cut off.
  if (container === "ogg" && frames === 1) return MAX_OPUS_PACKET_SAMPLES;
  if (samplesExact) return 0;
  if (container === "mp3") return OPEN_MP3_SAMPLES;
  // Of a codec in blocks the last one may be padded, and no codec here puts more than two samples into a byte.
  const isInBlocks = container === "wav" && frames < packetBytes;
  return isInBlocks ? 2 * Math.ceil(packetBytes / frames) : Number.POSITIVE_INFINITY;
}
