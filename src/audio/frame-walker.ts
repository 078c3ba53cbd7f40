import { ByteWindow } from "./byte-window.ts";
import { DefectLog } from "./defect-log.ts";
import { type Defect, type Structure, toLength } from "./structure.ts";
import type { AudioSink, Walker } from "./walker.ts";
import { inBytes, inSeconds } from "./wording.ts";

/** A codec whose files are frames of equal length in time, each as long as its first byte says. */
export interface FrameCodec {
  readonly container: "amr" | "gsm";
  readonly codec: string;
  /** What the file begins with; it may be nothing. */
  readonly magic: string;
  readonly sampleRateHz: number;
  readonly frameSamples: number;
  readonly maxFrameBytes: number;
  /** Size of the frame that begins with such a byte; 0 when none does. */
  toFrameBytes(first: number): number;
  /** Whether the frame that begins with such a byte holds no speech. */
  isPause(first: number): boolean;
}

/** Frames in a row that random bytes do not show: about 1 in 10^9. */
const CHAIN_FRAMES = 8;

/** Follows the frames of AMR, AMR-WB and GSM files; where one is damaged it looks for the next. */
export class FrameWalker implements Walker {
  readonly #window = new ByteWindow();
  readonly #codec: FrameCodec;
  readonly #sink: AudioSink;
  readonly #damage = new DefectLog();
  #place: "magic" | "frames" | "junk" | "other" = "magic";
  #frames = 0;
  #pauses = 0;
  #packetBytes = 0;
  #junk: { readonly byteOffset: number; sizeBytes: number } | undefined;

  constructor(codec: FrameCodec, sink: AudioSink) {
    this.#codec = codec;
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    this.#window.feed(chunk, () => this.#drain(false));
  }

  end(): Structure | undefined {
    this.#drain(true);
    if (this.#place === "magic" || this.#place === "other") return undefined;
    this.#endJunk("The end of the recording is damaged");
    const { codec, container, sampleRateHz, frameSamples } = this.#codec;
    const defects = [...this.#damage.list(), ...this.#judgeCut(), ...this.#judgeEmptiness()];
    const hasPauses = this.#pauses > 0;
    return {
      container,
      codec,
      sampleRateHz,
      channels: 1,
      frames: this.#frames,
      samplesExact: !hasPauses && defects.length === 0,
      declaredDurationSeconds: undefined,
      ...toLength({
        samples: this.#frames * frameSamples,
        samplesRateHz: sampleRateHz,
        packetBytes: this.#packetBytes,
      }),
      complete: defects.length === 0 ? undefined : false,
      defects,
      remarks: hasPauses
        ? [`${inSeconds(this.#seconds(this.#pauses))} are pauses that were not recorded as sound.`]
        : [],
    };
  }

  #drain(isEnd: boolean): void {
    while (this.#step(isEnd));
  }

  #step(isEnd: boolean): boolean {
    switch (this.#place) {
      case "magic":
        return this.#takeMagic();
      case "frames":
        return this.#takeFrames();
      case "junk":
        return this.#seek(isEnd);
      case "other":
        this.#window.consume(this.#window.length);
        return false;
    }
  }

  #takeMagic(): boolean {
    const { bytes, start, length } = this.#window;
    const { magic } = this.#codec;
    if (length < magic.length) return false;
    this.#place = bytes.toString("latin1", start, start + magic.length) === magic ? "frames" : "other";
    if (this.#place === "frames") this.#window.consume(magic.length);
    return true;
  }

  /** Consumes whole frames in one piece: hashing a large run is much faster than frame by frame. */
  #takeFrames(): boolean {
    const { bytes, start, end } = this.#window;
    let position = start;
    while (position < end) {
      const first = bytes.readUInt8(position);
      const frameBytes = this.#codec.toFrameBytes(first);
      if (frameBytes === 0) this.#place = "junk";
      if (frameBytes === 0 || position + frameBytes > end) break;
      this.#frames += 1;
      if (this.#codec.isPause(first)) this.#pauses += 1;
      position += frameBytes;
    }
    if (position > start) this.#sink(bytes.subarray(start, position));
    this.#packetBytes += position - start;
    this.#window.consume(position - start);
    return this.#place === "junk";
  }

  /** Consumes what is not audio up to the next frame, or all that can be judged. */
  #seek(isEnd: boolean): boolean {
    const { start, end, offset } = this.#window;
    const judgedEnd = isEnd ? end : end - CHAIN_FRAMES * this.#codec.maxFrameBytes;
    let position = start;
    while (position < judgedEnd && !this.#isChain(position)) position += 1;
    if (position === start && position >= judgedEnd) return false;
    this.#junk ??= { byteOffset: offset, sizeBytes: 0 };
    this.#junk.sizeBytes += position - start;
    this.#window.consume(position - start);
    if (position >= judgedEnd) return false;
    this.#endJunk(`The recording is damaged at ${inSeconds(this.#seconds(this.#frames))}`);
    this.#place = "frames";
    return true;
  }

  /** Tells whether frames begin here: several in a row, or at least two up to the very end. */
  #isChain(from: number): boolean {
    const { bytes, end } = this.#window;
    let position = from;
    for (let frames = 0; frames < CHAIN_FRAMES; frames += 1) {
      if (position >= end) return position === end && frames >= 2;
      const frameBytes = this.#codec.toFrameBytes(bytes.readUInt8(position));
      if (frameBytes === 0) return false;
      position += frameBytes;
    }
    return position <= end;
  }

  #seconds(frames: number): number {
    return (frames * this.#codec.frameSamples) / this.#codec.sampleRateHz;
  }

  #endJunk(what: string): void {
    const junk = this.#junk;
    this.#junk = undefined;
    if (junk === undefined) return;
    const { byteOffset, sizeBytes } = junk;
    const atSeconds = this.#seconds(this.#frames);
    const lostSeconds = this.#frames === 0 ? 0 : this.#seconds((sizeBytes * this.#frames) / this.#packetBytes);
    const message = `${what}: ${inBytes(sizeBytes)} there are not audio.`;
    this.#damage.add({ kind: "corrupt-frames", message, byteOffset, atSeconds, lostSeconds, found: sizeBytes });
  }

  /** What is left at the end is the beginning of a frame. */
  #judgeCut(): readonly Defect[] {
    const { length, offset } = this.#window;
    if (length === 0) return [];
    const message = "The recording is cut short: the file ends in the middle of the last piece of audio.";
    const at = { byteOffset: offset, atSeconds: this.#seconds(this.#frames), lostSeconds: this.#seconds(1) };
    return [{ kind: "truncated", message, ...at }];
  }

  #judgeEmptiness(): readonly Defect[] {
    if (this.#frames > 0) return [];
    return [{ kind: "no-audio", message: "The file holds no audio: not one whole frame is in it." }];
  }
}
