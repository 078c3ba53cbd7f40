import type { Defect, Structure } from "./structure.ts";
import type { WavFormat } from "./wav-format.ts";
import { isOpenSize } from "./wav-sizes.ts";
import { inBytes, inSeconds } from "./wording.ts";

/** The data chunk. */
export interface WavData {
  readonly byteOffset: number;
  readonly declaredBytes: number;
  foundBytes: number;
}

/** What follows the last chunk. */
export interface WavTail {
  readonly byteOffset: number;
  readonly sizeBytes: number;
  readonly isZero: boolean;
  /** Its first bytes, as Latin-1. */
  readonly begin: string;
}

/** Everything that was seen of a WAV file. */
interface WavFacts {
  readonly fileBytes: number;
  /** What the RIFF header or the ds64 chunk states: the file without its first eight bytes. */
  readonly riffBytes: number;
  readonly format: WavFormat | undefined;
  readonly factSamples: number | undefined;
  readonly data: WavData | undefined;
  readonly tail: WavTail;
  readonly endsInChunk: boolean;
}

/** Fewer bytes behind the RIFF chunk than an ID3v1 tag has are the mark of a careless writer, not of damage. */
const SMALL_TAIL_BYTES = 128;

/** Judges what was seen against the sizes that the headers state. */
export function toWavStructure(facts: WavFacts): Structure {
  const verdict = new WavVerdict(facts);
  const defects = verdict.judge();
  const { format } = facts;
  const { blocks, packetBytes, samples, isExact } = verdict.count();
  const sampleRateHz = format?.sampleRateHz ?? 0;
  const durationSeconds = sampleRateHz === 0 ? 0 : samples / sampleRateHz;
  return {
    container: "wav",
    codec: format?.codec ?? "unknown",
    sampleRateHz,
    channels: format?.channels ?? 0,
    frames: blocks,
    samples,
    samplesRateHz: sampleRateHz,
    samplesExact: isExact,
    durationSeconds,
    declaredDurationSeconds: verdict.declaredSeconds(durationSeconds),
    packetBytes,
    bitrateKbps: durationSeconds === 0 ? 0 : (packetBytes * 8) / 1000 / durationSeconds,
    complete: defects.every(({ kind }) => kind === "trailing-data"),
    defects,
    remarks: verdict.remarks,
  };
}

class WavVerdict {
  readonly remarks: string[];
  readonly #facts: WavFacts;

  constructor(facts: WavFacts) {
    this.#facts = facts;
    this.remarks = [...(facts.format?.remarks ?? [])];
  }

  count() {
    const { format, data, factSamples } = this.#facts;
    const foundBytes = format === undefined ? 0 : (data?.foundBytes ?? 0);
    const blockBytes = format?.blockBytes ?? 1;
    const blocks = Math.floor(foundBytes / blockBytes);
    return { blocks, packetBytes: blocks * blockBytes, ...countSamples({ format, blocks, factSamples }) };
  }

  declaredSeconds(durationSeconds: number): number | undefined {
    const { format, data } = this.#facts;
    if (format === undefined || data === undefined || isOpenSize(data.declaredBytes)) return undefined;
    if (data.declaredBytes === data.foundBytes) return durationSeconds;
    return toSeconds(format, data.declaredBytes);
  }

  /** Returns the defects; what is odd but harmless is added to `remarks`. */
  judge(): readonly Defect[] {
    return [...this.#judgeHeader(), ...this.#judgeSizes(), ...this.#judgeTrailing(), ...this.#judgeEmptiness()];
  }

  #judgeHeader(): readonly Defect[] {
    const { format, data } = this.#facts;
    if (format === undefined) {
      return data === undefined ? [] : [damagedHeader("it does not say how the audio is coded")];
    }
    if (format.sampleRateHz === 0) return [damagedHeader("it states a sample rate of 0")];
    return format.channels === 0 ? [damagedHeader("it states 0 channels")] : [];
  }

  #judgeSizes(): readonly Defect[] {
    const { data, endsInChunk, fileBytes, riffBytes } = this.#facts;
    if (data !== undefined && data.foundBytes < data.declaredBytes) return this.#judgeShortData(data);
    if (data?.declaredBytes === 0 && data.foundBytes > 0) this.#addStreamed();
    if (data !== undefined && data.foundBytes % (this.#facts.format?.blockBytes ?? 1) > 0) {
      this.remarks.push("The last bytes of the audio are not a whole sample.");
    }
    if (endsInChunk || (data === undefined && fileBytes < riffBytes + 8))
      return [this.#toCutHeader(data !== undefined)];
    if (!isOpenSize(riffBytes) && fileBytes + 1 < riffBytes + 8) {
      this.remarks.push(`The header states ${inBytes(riffBytes + 8 - fileBytes)} more than the file has.`);
    }
    return [];
  }

  #toCutHeader(hasAudio: boolean): Defect {
    const message = hasAudio
      ? "The file is cut short in what follows the audio; the audio itself is all there."
      : "The recording is cut short: the file ends before its audio begins.";
    const { fileBytes, riffBytes } = this.#facts;
    const sizes = isOpenSize(riffBytes) ? {} : { expected: riffBytes + 8, found: fileBytes };
    return { kind: "truncated", message, byteOffset: fileBytes, ...(hasAudio ? { lostSeconds: 0 } : {}), ...sizes };
  }

  #judgeShortData({ byteOffset, declaredBytes, foundBytes }: WavData): readonly Defect[] {
    const { format, fileBytes, riffBytes } = this.#facts;
    if (isOpenSize(declaredBytes)) {
      this.#addStreamed();
      return [];
    }
    const missing = declaredBytes - foundBytes;
    // Writers that count all of the header, the part behind the RIFF size or the part behind "WAVE" as audio. A cut
    // can lose as many bytes; it leaves the RIFF size too large, while such a writer states the file as it is.
    const countsHeader = [byteOffset, byteOffset - 8, byteOffset - 12].includes(missing);
    if (riffBytes + 8 === fileBytes || (countsHeader && riffBytes === fileBytes)) {
      this.remarks.push(`The header counts ${inBytes(missing)} too many as audio.`);
      return [];
    }
    const lostSeconds = toSeconds(format, missing);
    const message = `The recording is cut short: ${inSeconds(lostSeconds)} of the audio that its header states are missing.`;
    const at = { byteOffset: fileBytes, atSeconds: toSeconds(format, foundBytes), lostSeconds };
    return [{ kind: "truncated", message, ...at, expected: declaredBytes, found: foundBytes }];
  }

  #addStreamed(): void {
    this.remarks.push("It was written as a stream, without its length: it is whole up to its end, wherever that is.");
  }

  #judgeTrailing(): readonly Defect[] {
    const { byteOffset, sizeBytes, isZero, begin } = this.#facts.tail;
    if (sizeBytes === 0) return [];
    const isTag = /^(?:TAG|ID3|APETAGEX|LYRICSBE)/.test(begin);
    if (isZero || isTag || sizeBytes <= SMALL_TAIL_BYTES) {
      this.remarks.push(`The end that the header states is followed by ${inBytes(sizeBytes)}.`);
      return [];
    }
    const message = `The end of the recording is followed by ${inBytes(sizeBytes)} that do not belong to it.`;
    return [{ kind: "trailing-data", message, byteOffset, found: sizeBytes }];
  }

  #judgeEmptiness(): readonly Defect[] {
    if (this.count().blocks > 0) return [];
    const what = this.#facts.data === undefined ? "no audio part is in it" : "its audio part is empty";
    return [{ kind: "no-audio", message: `The file holds no audio: ${what}.` }];
  }
}

/** A fact chunk may end the last block early; in linear PCM it says nothing new and is often wrong. */
function countSamples({ format, blocks, factSamples }: { blocks: number } & Pick<WavFacts, "format" | "factSamples">) {
  if (format === undefined) return { samples: 0, isExact: false };
  const { blockSamples, blockBytes, bytesPerSecond, sampleRateHz } = format;
  if (blockSamples === undefined) {
    const byRate = bytesPerSecond === 0 ? 0 : Math.round((blocks * blockBytes * sampleRateHz) / bytesPerSecond);
    return { samples: factSamples ?? byRate, isExact: false };
  }
  const samples = blocks * blockSamples;
  const endsEarly = factSamples !== undefined && factSamples < samples && factSamples > samples - blockSamples;
  return endsEarly ? { samples: factSamples, isExact: false } : { samples, isExact: true };
}

function toSeconds(format: WavFormat | undefined, sizeBytes: number): number {
  return format === undefined || format.bytesPerSecond === 0 ? 0 : sizeBytes / format.bytesPerSecond;
}

function damagedHeader(what: string): Defect {
  return { kind: "corrupt-frames", message: `The file's header is damaged: ${what}.`, byteOffset: 0 };
}
