import { type ICommonTagsResult, parseBuffer } from "music-metadata";
import type { AudioFormat } from "../core/audio-format.ts";
import type { Structure } from "./structure.ts";

const MIME_TYPES: Readonly<Record<AudioFormat, string>> = { mp3: "audio/mpeg", wav: "audio/wav", opus: "audio/ogg" };

/** What another reader of the same bytes takes from their headers. No evidence: a cut file lasts as long as it says. */
interface HeaderClaims {
  readonly codec: string | undefined;
  readonly sampleRateHz: number | undefined;
  readonly channels: number | undefined;
  readonly durationSeconds: number | undefined;
}

/** The descriptive tags of a recording, and what its headers claim. */
export interface Tags {
  readonly common: ICommonTagsResult;
  readonly claims: HeaderClaims;
}

/**
 * Reads a recording's tags with music-metadata, without its pictures.
 *
 * @param format - What {@link sniff} found; the reader's own guess is not asked for.
 * @returns undefined when the reader can make nothing of the bytes, as it often cannot of damaged ones.
 */
export async function readTags(bytes: Uint8Array, format: AudioFormat): Promise<Tags | undefined> {
  try {
    const { common, format: facts } = await parseBuffer(bytes, MIME_TYPES[format], { skipCovers: true });
    const { codec, sampleRate, numberOfChannels, duration } = facts;
    if (codec === undefined) return undefined;
    const claims = { codec, sampleRateHz: sampleRate, channels: numberOfChannels, durationSeconds: duration };
    return { common, claims };
  } catch {
    // Tags are a courtesy, whatever is wrong with the file has been found by its walker.
    return undefined;
  }
}

/** An MP3's claim counts the encoder's delay and padding, up to three frames at 8 kHz, as sound. */
const DURATION_TOLERANCE_SECONDS = 0.3;

/**
 * Compares a structure with what the other reader claims, where both read the same field.
 *
 * @returns each disagreement in words; empty when there is none.
 */
export function crossCheck(structure: Structure, claims: HeaderClaims): readonly string[] {
  const { sampleRateHz, channels, declaredDurationSeconds } = structure;
  const says = (what: string, ours: number | string, theirs: number | string) =>
    `${what}: ${ours} here, ${theirs} there`;
  const disagreements: string[] = [];
  if (claims.codec !== undefined && !isSameCodec(structure.codec, claims.codec)) {
    disagreements.push(says("codec", structure.codec, claims.codec));
  }
  // A reader that found no rate or channels says 0.
  if (claims.sampleRateHz && claims.sampleRateHz !== sampleRateHz) {
    disagreements.push(says("sample rate", sampleRateHz, claims.sampleRateHz));
  }
  if (claims.channels && claims.channels !== channels) disagreements.push(says("channels", channels, claims.channels));
  const { durationSeconds } = claims;
  if (declaredDurationSeconds === undefined || durationSeconds === undefined) return disagreements;
  if (Math.abs(declaredDurationSeconds - durationSeconds) <= DURATION_TOLERANCE_SECONDS) return disagreements;
  return [...disagreements, says("declared seconds", declaredDurationSeconds, durationSeconds)];
}

/** The other reader names families where we name codecs, and leaves an extensible WAV unnamed. */
function isSameCodec(ours: string, theirs: string): boolean {
  const families: readonly (readonly [RegExp, RegExp])[] = [
    [/^MPEG .*Layer (?:3|III)$/, /^mp3$/],
    [/^Opus$/, /^opus$/],
    [/^PCM$/, /^pcm_[us]/],
    [/^IEEE_FLOAT$/, /^pcm_f/],
    [/^DVI_ADPCM$/, /^adpcm_ima_wav$/],
    [/^ADPCM$/, /^adpcm_ms$/],
  ];
  const family = families.find(([name]) => name.test(theirs));
  return family === undefined || family[1].test(ours);
}
