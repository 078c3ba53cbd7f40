import type { FindingKind } from "../core/finding.ts";

/** One thing wrong with the bytes of a recording. A value, never thrown. */
export interface Defect {
  readonly kind: FindingKind;
  /** One sentence for a person who knows nothing of containers. */
  readonly message: string;
  /** Where it begins, counted from the first byte of the file. */
  readonly byteOffset?: number;
  /** Where it begins on the clock of the audio that is there. */
  readonly atSeconds?: number;
  /** How much audio is gone; an estimate where frames differ in size. */
  readonly lostSeconds?: number;
  readonly expected?: number | string;
  readonly found?: number | string;
}

/** What a recording is, read from its bytes alone: nothing is decoded and no declared number is believed. */
export interface Structure {
  readonly container: "wav" | "mp3" | "ogg" | "flac" | "amr" | "gsm" | "g722";
  /** ffprobe's name: `pcm_s16le`, `pcm_alaw`, `adpcm_ima_wav`, `gsm_ms`, `mp3`, `opus`, `amr_nb` ... */
  readonly codec: string;
  /** Opus: the input rate of OpusHead, 48000 when it is left open; an Opus decoder always runs at 48 kHz. */
  readonly sampleRateHz: number;
  readonly channels: number;
  /** Whole coded units: Opus packets, MPEG audio frames without the Xing, Info or VBRI one, WAV blocks (PCM: one per sample), G.722 bytes. */
  readonly frames: number;
  /** Samples per channel that a gapless decoder gives: without pre-skip, encoder delay and padding. */
  readonly samples: number;
  /** The rate `samples` counts at: 48000 for Opus, otherwise `sampleRateHz`. */
  readonly samplesRateHz: number;
  /** False where decoders may differ: an MP3 without LAME delays, ADPCM whose last block is padded, AMR with pauses. */
  readonly samplesExact: boolean;
  /** `samples / samplesRateHz`: what is there, whatever the header says. */
  readonly durationSeconds: number;
  /** What the header or the last granule position promises. */
  readonly declaredDurationSeconds: number | undefined;
  /** Bytes of audio alone, those that the packet digest covers. */
  readonly packetBytes: number;
  readonly bitrateKbps: number;
  /** Whether all of the audio is there; undefined when the file does not say how much there should be. */
  readonly complete: boolean | undefined;
  readonly defects: readonly Defect[];
  /** Harmless oddities, a sentence each. */
  readonly remarks: readonly string[];
  /** Where the stream begins and ends, if bytes before or behind it are neither audio nor tag: a decoder may take them for some. */
  readonly streamSpan?: StreamSpan;
  /** How many recordings are joined in it one behind the other, if more than one, as an Ogg file may be. */
  readonly links?: number;
}

/** A part of a file, in bytes from its beginning; the end is the first byte behind it. */
export interface StreamSpan {
  readonly startByte: number;
  readonly endByte: number;
}

/** How much audio there is, in a structure's units. */
type Length = Pick<Structure, "samples" | "samplesRateHz" | "durationSeconds" | "packetBytes" | "bitrateKbps">;

/** Computes duration and bitrate; both are 0 where nothing is there to measure. */
export function toLength(counted: Pick<Length, "samples" | "samplesRateHz" | "packetBytes">): Length {
  const { samples, samplesRateHz, packetBytes } = counted;
  const durationSeconds = samplesRateHz === 0 ? 0 : samples / samplesRateHz;
  return { ...counted, durationSeconds, bitrateKbps: samples === 0 ? 0 : (packetBytes * 8) / 1000 / durationSeconds };
}
