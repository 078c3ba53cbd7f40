import { DefectLog } from "./defect-log.ts";
import type { FlacFrameHeader } from "./flac-frame-header.ts";
import type { FlacInfo } from "./flac-info.ts";
import { type FlacFacts, toFlacStructure } from "./flac-verdict.ts";
import type { Structure } from "./structure.ts";
import type { AudioSink } from "./walker.ts";
import { inBytes, inSeconds } from "./wording.ts";

/** One frame that is there. */
interface FlacFrame extends FlacFrameHeader {
  readonly byteOffset: number;
}

/** What has been seen of one FLAC stream: its frames by their numbers, and what stood between them. */
export class FlacStream {
  readonly #sink: AudioSink;
  readonly #info: FlacInfo;
  readonly #damage = new DefectLog();
  #frames = 0;
  #samples = 0;
  #packetBytes = 0;
  /** Number of the first sample that is there. */
  #firstSample = 0;
  /** Number of the sample that should follow. */
  #nextSample = 0;
  #junk: { readonly byteOffset: number; sizeBytes: number; isZero: boolean } | undefined;
  #cutOffset: number | undefined;

  constructor(sink: AudioSink, info: FlacInfo) {
    this.#sink = sink;
    this.#info = info;
  }

  /** Takes one frame; `isIntact` tells whether it fits its checksum. */
  takeFrame(run: Buffer, frame: FlacFrame, isIntact: boolean): void {
    if (this.#frames === 0) {
      this.#firstSample = frame.firstSample;
      this.#nextSample = frame.firstSample;
    }
    this.#judgeOrder(frame);
    if (!isIntact) this.#addDamaged(frame);
    this.#junk = undefined;
    this.#sink(run);
    this.#frames += 1;
    this.#samples += frame.blockSamples;
    this.#packetBytes += run.length;
    this.#nextSample = frame.firstSample + frame.blockSamples;
  }

  /** Takes bytes that are no frame; more of them may follow. */
  takeJunk(bytes: Buffer, byteOffset: number): void {
    this.#junk ??= { byteOffset, sizeBytes: 0, isZero: true };
    this.#junk.sizeBytes += bytes.length;
    this.#junk.isZero &&= bytes.every((byte) => byte === 0);
  }

  /** Tells that the file ends inside the frame that begins there. */
  frameIsCut(byteOffset: number): void {
    this.#cutOffset = byteOffset;
  }

  #judgeOrder({ firstSample, byteOffset }: FlacFrame): void {
    const lostSamples = firstSample - this.#nextSample;
    const junk = this.#junk;
    if (junk === undefined && lostSamples === 0) return;
    const atSeconds = this.#samples / this.#info.sampleRateHz;
    const lostSeconds = Math.max(0, lostSamples) / this.#info.sampleRateHz;
    const message = `The recording is damaged at ${inSeconds(atSeconds)}: ${toDamageWords(junk?.sizeBytes, lostSamples)}.`;
    const found = junk === undefined ? {} : { found: junk.sizeBytes };
    this.#damage.add({
      kind: "corrupt-frames",
      message,
      byteOffset: junk?.byteOffset ?? byteOffset,
      atSeconds,
      lostSeconds,
      ...found,
    });
  }

  #addDamaged({ byteOffset, blockSamples }: FlacFrame): void {
    const atSeconds = this.#samples / this.#info.sampleRateHz;
    const lostSeconds = blockSamples / this.#info.sampleRateHz;
    const message = `The recording is damaged at ${inSeconds(atSeconds)}: ${inSeconds(lostSeconds)} there do not fit their checksum.`;
    this.#damage.add({ kind: "corrupt-frames", message, byteOffset, atSeconds, lostSeconds });
  }

  /**
   * Returns what the whole file is; called once, at its end.
   *
   * @param endOffset - Where the audio ends, tags behind it left out.
   */
  toStructure(endOffset: number): Structure {
    const facts: FlacFacts = {
      info: this.#info,
      frames: this.#frames,
      samples: this.#samples,
      packetBytes: this.#packetBytes,
      firstSample: this.#firstSample,
      nextSample: this.#nextSample,
      cutOffset: this.#cutOffset,
      endOffset,
      trailing: this.#junk,
      damage: this.#damage.list(),
    };
    return toFlacStructure(facts);
  }
}

function toDamageWords(junkBytes: number | undefined, lostSamples: number): string {
  if (junkBytes !== undefined) return `${inBytes(junkBytes)} there are not audio`;
  return lostSamples > 0 ? "pieces of audio are missing there" : "a piece of audio there is out of order";
}
