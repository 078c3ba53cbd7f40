import type { FlacInfo } from "./flac-info.ts";
import { type Defect, type Structure, toLength } from "./structure.ts";
import { inBytes, inSeconds } from "./wording.ts";

/** Everything that was seen of the frames of a FLAC file. */
export interface FlacFacts {
  readonly info: FlacInfo;
  readonly frames: number;
  readonly samples: number;
  readonly packetBytes: number;
  /** Number of the first sample that is there. */
  readonly firstSample: number;
  /** Number of the sample behind the last that is there. */
  readonly nextSample: number;
  /** Where the last frame begins when the file ends inside it. */
  readonly cutOffset: number | undefined;
  readonly endOffset: number;
  /** Bytes behind the last frame that belong to no tag. */
  readonly trailing: { readonly byteOffset: number; readonly sizeBytes: number; readonly isZero: boolean } | undefined;
  readonly damage: readonly Defect[];
}

/** Fewer bytes than an ID3v1 tag has are the mark of a careless writer, not of damage. */
const SMALL_TAIL_BYTES = 128;

/** Judges what was seen against the number of samples that STREAMINFO promises. */
export function toFlacStructure(facts: FlacFacts): Structure {
  const { info, frames, samples, packetBytes, damage, cutOffset } = facts;
  const verdict = new FlacVerdict(facts);
  const defects = verdict.judge();
  const isDamaged = defects.some(({ kind }) => kind !== "trailing-data" && kind !== "duration-mismatch");
  const { sampleRateHz, channels, totalSamples } = info;
  return {
    container: "flac",
    codec: "flac",
    sampleRateHz,
    channels,
    frames,
    // Decoders conceal what is damaged, or leave it out.
    samplesExact: damage.length === 0 && cutOffset === undefined,
    declaredDurationSeconds: totalSamples === undefined ? undefined : totalSamples / sampleRateHz,
    ...toLength({ samples, samplesRateHz: sampleRateHz, packetBytes }),
    complete: isDamaged ? false : totalSamples === undefined ? undefined : true,
    defects,
    remarks: verdict.remarks,
  };
}

class FlacVerdict {
  readonly remarks: string[] = [];
  readonly #facts: FlacFacts;
  /** Samples that are gone from the beginning; 0 when the numbers only do not begin with 0. */
  readonly #missingBefore: number;
  /** Samples that are gone from the end; negative when there are more than was promised. */
  readonly #missingBehind: number;

  constructor(facts: FlacFacts) {
    this.#facts = facts;
    const { firstSample, nextSample, samples, info } = facts;
    const totalSamples = info.totalSamples ?? nextSample - firstSample;
    this.#missingBefore = samples + firstSample <= totalSamples ? firstSample : 0;
    this.#missingBehind = totalSamples - nextSample + firstSample - this.#missingBefore;
  }

  /** Returns the defects; what is odd but harmless is added to `remarks`. */
  judge(): readonly Defect[] {
    return [
      ...this.#judgeBeginning(),
      ...this.#facts.damage,
      ...this.#judgeEnd(),
      ...this.#judgeTrailing(),
      ...this.#judgeSurplus(),
      ...this.#judgeEmptiness(),
    ];
  }

  #seconds(samples: number): number {
    return samples / this.#facts.info.sampleRateHz;
  }

  #judgeBeginning(): readonly Defect[] {
    if (this.#facts.firstSample === 0) return [];
    if (this.#missingBefore === 0) {
      this.remarks.push("Its pieces are not numbered from the beginning: it was cut out of a longer recording.");
      return [];
    }
    const lostSeconds = this.#seconds(this.#missingBefore);
    const message = `The first ${inSeconds(lostSeconds)} of the recording are missing.`;
    return [{ kind: "corrupt-frames", message, atSeconds: 0, lostSeconds }];
  }

  #judgeEnd(): readonly Defect[] {
    const { cutOffset, endOffset, samples, info, trailing } = this.#facts;
    const lostSeconds = this.#seconds(Math.max(0, this.#missingBehind));
    if (cutOffset === undefined && (lostSeconds === 0 || trailing !== undefined)) return [];
    const at = { byteOffset: cutOffset ?? endOffset, atSeconds: this.#seconds(samples) };
    if (lostSeconds === 0) {
      const message = "The recording is cut short: the file ends in the middle of the last piece of audio.";
      return [{ kind: "truncated", message, ...at }];
    }
    const message = `The recording is cut short: ${inSeconds(lostSeconds)} of the length that its header states are missing.`;
    return [{ kind: "truncated", message, ...at, lostSeconds, expected: info.totalSamples ?? 0, found: samples }];
  }

  #judgeTrailing(): readonly Defect[] {
    const { trailing, samples } = this.#facts;
    if (trailing === undefined) return [];
    const { byteOffset, sizeBytes, isZero } = trailing;
    const at = { byteOffset, atSeconds: this.#seconds(samples) };
    if (this.#missingBehind > 0) {
      const message = `The last ${inBytes(sizeBytes)} of the recording are damaged and hold no audio.`;
      const lostSeconds = this.#seconds(this.#missingBehind);
      return [{ kind: "corrupt-frames", message, ...at, lostSeconds, found: sizeBytes }];
    }
    if (sizeBytes <= SMALL_TAIL_BYTES || isZero) {
      this.remarks.push(`The last piece of audio is followed by ${inBytes(sizeBytes)} outside of any tag.`);
      return [];
    }
    const message = `The end of the recording is followed by ${inBytes(sizeBytes)} that are not audio.`;
    return [{ kind: "trailing-data", message, ...at, found: sizeBytes }];
  }

  #judgeSurplus(): readonly Defect[] {
    const { info, samples, damage } = this.#facts;
    const { totalSamples } = info;
    if (totalSamples === undefined || samples <= totalSamples || damage.length > 0) return [];
    const expected = this.#seconds(totalSamples);
    const found = this.#seconds(samples);
    const message = `The header states ${inSeconds(expected)}, but the file holds ${inSeconds(found)} of audio.`;
    return [{ kind: "duration-mismatch", message, expected, found }];
  }

  #judgeEmptiness(): readonly Defect[] {
    if (this.#facts.frames > 0) return [];
    return [{ kind: "no-audio", message: "The file holds no audio: not one whole frame is in it." }];
  }
}
