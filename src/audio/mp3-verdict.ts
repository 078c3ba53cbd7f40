import type { MpegFormat } from "./mpeg-header.ts";
import type { Defect, Structure } from "./structure.ts";
import type { VbrHeader } from "./vbr-header.ts";
import { inBytes, inSeconds } from "./wording.ts";

/** Everything that was seen of an MPEG audio file. */
export interface Mp3Facts {
  /** Undefined when there is no frame at all. */
  readonly format: MpegFormat | undefined;
  readonly vbr: VbrHeader | undefined;
  readonly frames: number;
  readonly packetBytes: number;
  /** From the first frame, a Xing header included, to the last byte that belongs to no tag. */
  readonly streamBytes: number;
  readonly audioCrc: number;
  readonly crc: { readonly checked: number; readonly failed: number };
  readonly trailing: { readonly byteOffset: number; readonly sizeBytes: number; readonly isZero: boolean } | undefined;
  /** Where the last frame begins when the file ends inside it. */
  readonly cutOffset: number | undefined;
  readonly endOffset: number;
  readonly endsWithTag: boolean;
  /** Bytes of the last tag that are not there. */
  readonly cutTagBytes: number;
  readonly damage: readonly Defect[];
  readonly remarks: readonly string[];
}

/** Judges what was seen against what the headers promise. */
export function toMp3Structure(facts: Mp3Facts): Structure {
  const verdict = new Mp3Verdict(facts);
  const defects = verdict.judge();
  const sampleRateHz = facts.format?.sampleRateHz ?? 0;
  const samples = verdict.samples();
  const durationSeconds = sampleRateHz === 0 ? 0 : samples / sampleRateHz;
  const isDamaged = defects.some(({ kind }) => kind !== "trailing-data" && kind !== "duration-mismatch");
  return {
    container: "mp3",
    codec: `mp${facts.format?.layer ?? 3}`,
    sampleRateHz,
    channels: facts.format?.channels ?? 0,
    frames: facts.frames,
    samples,
    samplesRateHz: sampleRateHz,
    samplesExact: facts.vbr?.lame !== undefined,
    durationSeconds,
    declaredDurationSeconds: verdict.declaredSeconds(),
    packetBytes: facts.packetBytes,
    bitrateKbps: durationSeconds === 0 ? 0 : (facts.packetBytes * 8) / 1000 / durationSeconds,
    complete: isDamaged ? false : facts.vbr?.frames !== undefined || facts.endsWithTag ? true : undefined,
    defects,
    remarks: verdict.remarks,
  };
}

/** Some encoders count the header frame among the audio frames, or one that was never flushed. */
const COUNT_TOLERANCE = 1;

/** Fewer bytes than an ID3v1 tag has are the mark of a careless writer, not of damage. */
const SMALL_TAIL_BYTES = 128;

class Mp3Verdict {
  readonly remarks: string[];
  readonly #facts: Mp3Facts;
  readonly #secondsPerFrame: number;
  /** Frames that the header promises and the file does not hold; negative when it holds more. */
  readonly #missingFrames: number | undefined;

  constructor(facts: Mp3Facts) {
    this.#facts = facts;
    this.remarks = [...facts.remarks];
    this.#secondsPerFrame = facts.format === undefined ? 0 : facts.format.samplesPerFrame / facts.format.sampleRateHz;
    this.#missingFrames = this.#toMissingFrames();
  }

  /** A header may be wrong by a few frames in a file whose every promised byte is there. */
  #toMissingFrames(): number | undefined {
    const { vbr, frames, streamBytes, cutOffset, damage } = this.#facts;
    if (vbr?.frames === undefined) return undefined;
    const missing = vbr.frames - frames;
    if (missing === 0 || damage.length > 0 || cutOffset !== undefined) return missing;
    const hasAllBytes = vbr.bytes === undefined ? missing === COUNT_TOLERANCE : streamBytes >= vbr.bytes;
    const isOddCount = missing > 0 ? hasAllBytes && this.#facts.trailing === undefined : -missing <= COUNT_TOLERANCE;
    if (!isOddCount) return missing;
    this.remarks.push(`The header counts ${vbr.frames} frames; ${frames} are there, and no byte is missing.`);
    return 0;
  }

  samples(): number {
    const { format, frames, vbr } = this.#facts;
    if (format === undefined) return 0;
    const delay = vbr?.lame?.delaySamples ?? 0;
    const padding = vbr?.lame?.paddingSamples ?? 0;
    const all = frames * format.samplesPerFrame - delay;
    // The padding stands at the promised end: a file that is cut has lost that first, one with a hole has not.
    const lost = this.#isHole() ? 0 : Math.max(0, this.#missingFrames ?? 0) * format.samplesPerFrame;
    return Math.max(0, all - Math.max(0, padding - lost));
  }

  #isHole(): boolean {
    return this.#facts.damage.length > 0 && this.#facts.cutOffset === undefined;
  }

  declaredSeconds(): number | undefined {
    const { format, vbr, frames } = this.#facts;
    if (format === undefined || this.#missingFrames === undefined) return undefined;
    const declaredFrames = frames + this.#missingFrames;
    const gap = (vbr?.lame?.delaySamples ?? 0) + (vbr?.lame?.paddingSamples ?? 0);
    return Math.max(0, declaredFrames * format.samplesPerFrame - gap) / format.sampleRateHz;
  }

  /** Returns the defects; what is odd but harmless is added to `remarks`. */
  judge(): readonly Defect[] {
    return [
      ...this.#judgeDamage(),
      ...this.#judgeMissing(),
      ...this.#judgeTags(),
      ...this.#judgeSurplus(),
      ...this.#judgeTrailing(),
      ...this.#judgeFrameChecksums(),
      ...this.#judgeAudioChecksum(),
      ...this.#judgeEmptiness(),
    ];
  }

  /** A tag in front that goes on behind the end of the file took the audio with it. */
  #judgeTags(): readonly Defect[] {
    const { cutTagBytes, frames, endOffset } = this.#facts;
    if (cutTagBytes === 0) return [];
    if (frames > 0) {
      this.remarks.push(`The file ends inside a tag, ${inBytes(cutTagBytes)} before the end that the tag states.`);
      return [];
    }
    const message = "The recording is cut short: the file ends inside the tag that stands before the audio.";
    return [{ kind: "truncated", message, byteOffset: endOffset }];
  }

  #judgeEmptiness(): readonly Defect[] {
    if (this.#facts.frames > 0) return [];
    return [{ kind: "no-audio", message: "The file holds no audio: not one whole frame is in it." }];
  }

  /** Junk that was put between frames took none away. */
  #judgeDamage(): readonly Defect[] {
    const isWhole = this.#missingFrames !== undefined && this.#missingFrames <= 0;
    return isWhole ? this.#facts.damage.map((defect) => ({ ...defect, lostSeconds: 0 })) : this.#facts.damage;
  }

  #judgeMissing(): readonly Defect[] {
    const { vbr, frames, cutOffset, endOffset } = this.#facts;
    const missing = this.#missingFrames ?? 0;
    if (cutOffset === undefined && (missing <= 0 || this.#isLostInside())) return [];
    const lostSeconds = Math.max(1, missing) * this.#secondsPerFrame;
    const counts = missing > 0 ? { expected: vbr?.frames ?? 0, found: frames } : {};
    const message =
      missing > 0
        ? `The recording is cut short: ${inSeconds(lostSeconds)} of the length that its header states are missing.`
        : "The recording is cut short: the file ends in the middle of the last piece of audio.";
    const atSeconds = frames * this.#secondsPerFrame;
    return [{ kind: "truncated", message, byteOffset: cutOffset ?? endOffset, atSeconds, lostSeconds, ...counts }];
  }

  /** Whether all the promised bytes are there, so that the missing frames are the damaged ones. */
  #isLostInside(): boolean {
    const { damage, trailing, vbr, streamBytes } = this.#facts;
    if (damage.length === 0 && trailing === undefined) return false;
    if (vbr?.bytes !== undefined) return streamBytes >= vbr.bytes;
    const lostSeconds = damage.reduce((sum, defect) => sum + (defect.lostSeconds ?? 0), 0);
    return lostSeconds >= ((this.#missingFrames ?? 0) - COUNT_TOLERANCE) * this.#secondsPerFrame;
  }

  #judgeSurplus(): readonly Defect[] {
    const { vbr, frames } = this.#facts;
    if (vbr?.frames === undefined || (this.#missingFrames ?? 0) >= 0) return [];
    const expected = vbr.frames * this.#secondsPerFrame;
    const found = frames * this.#secondsPerFrame;
    const message = `The header states ${inSeconds(expected)}, but the file holds ${inSeconds(found)} of audio.`;
    return [{ kind: "duration-mismatch", message, expected, found }];
  }

  #judgeTrailing(): readonly Defect[] {
    const { trailing, frames } = this.#facts;
    if (trailing === undefined) return [];
    const { byteOffset, sizeBytes, isZero } = trailing;
    const atSeconds = frames * this.#secondsPerFrame;
    const missing = this.#missingFrames ?? 0;
    if (missing > 0 && this.#isLostInside()) {
      const message = `The last ${inBytes(sizeBytes)} of the recording are damaged and hold no audio.`;
      const lostSeconds = missing * this.#secondsPerFrame;
      return [{ kind: "corrupt-frames", message, byteOffset, atSeconds, lostSeconds, found: sizeBytes }];
    }
    if (sizeBytes <= SMALL_TAIL_BYTES || (isZero && this.#missingFrames === 0)) {
      this.remarks.push(`The last frame is followed by ${inBytes(sizeBytes)} outside of any tag.`);
      return [];
    }
    const message = `The end of the recording is followed by ${inBytes(sizeBytes)} that are not audio.`;
    return [{ kind: "trailing-data", message, byteOffset, atSeconds, found: sizeBytes }];
  }

  /** An encoder that writes no usable checksums fails all of them. */
  #judgeFrameChecksums(): readonly Defect[] {
    const { checked, failed } = this.#facts.crc;
    if (failed === 0) return [];
    if (failed === checked) {
      this.remarks.push("The encoder wrote frame checksums that never fit.");
      return [];
    }
    const message = `${failed} of ${checked} pieces of audio do not fit their own checksum.`;
    return [{ kind: "corrupt-frames", message, expected: checked, found: checked - failed }];
  }

  /** Only a whole stream can fit the checksum of all of it. */
  #judgeAudioChecksum(): readonly Defect[] {
    const { vbr, audioCrc, damage, cutOffset } = this.#facts;
    const lame = vbr?.lame;
    if (lame === undefined) return [];
    if (!lame.isIntact) {
      this.remarks.push("The encoder's header does not fit its own checksum; it may have been edited.");
      return [];
    }
    const isWhole = damage.length === 0 && cutOffset === undefined && this.#missingFrames === 0;
    if (!isWhole || lame.audioCrc === undefined || lame.audioCrc === audioCrc) return [];
    const message = "The audio does not fit the checksum that its encoder wrote: some of it has changed since.";
    return [{ kind: "corrupt-frames", message, expected: lame.audioCrc, found: audioCrc }];
  }
}
