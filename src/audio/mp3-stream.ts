import { crc16 } from "./crc16.ts";
import { DefectLog } from "./defect-log.ts";
import { type Mp3Facts, toMp3Structure } from "./mp3-verdict.ts";
import { fitsMpegCrc } from "./mpeg-crc.ts";
import { isProtected, isSameStream, type MpegFormat, mpegFrameBytes, tryParseMpegHeader } from "./mpeg-header.ts";
import type { Structure } from "./structure.ts";
import { tryParseVbrHeader, type VbrHeader } from "./vbr-header.ts";
import type { AudioSink } from "./walker.ts";
import { inBytes, inSeconds } from "./wording.ts";

/** 320 kbit/s at 32 kHz, padded. */
const MAX_FRAME_BYTES = 1441;

/** Bytes that are neither audio nor tag, while they go on. */
interface Junk {
  readonly byteOffset: number;
  sizeBytes: number;
  isZero: boolean;
}

/** The first frame that was found. */
interface FirstFrame {
  readonly header: number;
  readonly freeBytes: number;
  readonly frame: Buffer;
  readonly byteOffset: number;
}

/** What has been seen of one MPEG audio stream: its format, its frames and what stood between them. */
export class Mp3Stream {
  /** Header of the first frame, which the others must resemble; 0 before it is found. */
  header = 0;
  freeBytes = 0;
  readonly #sink: AudioSink;
  readonly #damage = new DefectLog();
  readonly #remarks: string[] = [];
  #format: MpegFormat | undefined;
  #vbr: VbrHeader | undefined;
  #firstOffset = 0;
  #endOffset = 0;
  #audioEndOffset = 0;
  #hasLeadingJunk = false;
  #frames = 0;
  #packetBytes = 0;
  #audioCrc = 0;
  #checkedFrames = 0;
  #failedFrames = 0;
  #junk: Junk | undefined;
  #cutOffset: number | undefined;
  #endsWithTag = false;
  #cutTagBytes = 0;

  constructor(sink: AudioSink) {
    this.#sink = sink;
  }

  get isFound(): boolean {
    return this.#format !== undefined;
  }

  /** Returns the length of this stream's frame with such a header; 0 when it cannot be one of them. */
  frameBytes(header: number): number {
    return this.isFound && isSameStream(header, this.header) ? mpegFrameBytes(header, this.freeBytes) : 0;
  }

  /** Opens the stream; returns whether its first frame is a Xing, Info or VBRI header and no audio. */
  begin({ header, freeBytes, frame, byteOffset }: FirstFrame): boolean {
    this.header = header;
    this.freeBytes = freeBytes;
    this.#firstOffset = byteOffset;
    this.#format = tryParseMpegHeader(header);
    this.#vbr = this.#format && tryParseVbrHeader(frame, this.#format);
    this.#endOffset = byteOffset + frame.length;
    return this.#vbr !== undefined;
  }

  /** Counts one whole frame. */
  takeFrame(bytes: Buffer, from: number, to: number): void {
    if (this.#format !== undefined && isProtected(bytes.readUInt32BE(from))) {
      this.#checkedFrames += 1;
      if (!fitsMpegCrc(bytes.subarray(from, to), this.#format)) this.#failedFrames += 1;
    }
    this.#frames += 1;
  }

  /** Takes the bytes of the frames that were counted since the last run. */
  takeRun(run: Buffer, byteOffset: number): void {
    if (run.length === 0) return;
    this.#sink(run);
    this.#packetBytes += run.length;
    this.#endOffset = byteOffset + run.length;
    this.#audioEndOffset = this.#endOffset;
    this.#endsWithTag = false;
    if (this.#vbr?.lame?.audioCrc !== undefined) {
      this.#audioCrc = crc16(run, { from: 0, to: run.length, seed: this.#audioCrc });
    }
  }

  frameIsCut(byteOffset: number): void {
    this.#cutOffset = byteOffset;
  }

  tagFollows(): void {
    this.#endsWithTag = true;
  }

  tagIsCut(missingBytes: number, fileBytes: number): void {
    this.#cutTagBytes = missingBytes;
    if (!this.isFound) this.#endOffset = fileBytes;
  }

  /** Takes bytes that are no audio; more of them may follow. */
  takeJunk(bytes: Buffer, byteOffset: number): void {
    this.#junk ??= { byteOffset, sizeBytes: 0, isZero: true };
    this.#junk.sizeBytes += bytes.length;
    this.#junk.isZero &&= bytes.every((byte) => byte === 0);
    this.#endOffset = byteOffset + bytes.length;
  }

  /** Tells that a frame follows the junk: it stands before or between audio. */
  endJunk(): void {
    const junk = this.#junk;
    this.#junk = undefined;
    if (junk === undefined) return;
    if (this.isFound) this.#addDamage(junk);
    else this.#addLeading(junk);
  }

  #addDamage({ byteOffset, sizeBytes }: Junk): void {
    const atSeconds = this.#seconds(this.#frames);
    const lostFrames = this.#frames === 0 ? 0 : sizeBytes / (this.#packetBytes / this.#frames);
    const message = `The recording is damaged at ${inSeconds(atSeconds)}: ${inBytes(sizeBytes)} there are not audio.`;
    const lostSeconds = this.#seconds(lostFrames);
    this.#damage.add({ kind: "corrupt-frames", message, byteOffset, atSeconds, lostSeconds, found: sizeBytes });
  }

  /** A recording that was cut out of a running stream begins with the rest of a frame. */
  #addLeading({ sizeBytes, isZero }: Junk): void {
    this.#hasLeadingJunk = true;
    if (isZero || sizeBytes <= MAX_FRAME_BYTES) {
      this.#remarks.push(`The first frame stands behind ${inBytes(sizeBytes)} outside of any tag.`);
      return;
    }
    const message = `The first ${inBytes(sizeBytes)} of the file are not audio.`;
    this.#damage.add({ kind: "corrupt-frames", message, byteOffset: 0, atSeconds: 0, found: sizeBytes });
  }

  #seconds(frames: number): number {
    return this.#format === undefined ? 0 : (frames * this.#format.samplesPerFrame) / this.#format.sampleRateHz;
  }

  /** Returns what the whole file is; called once, at its end. */
  toStructure(): Structure {
    const facts: Mp3Facts = {
      format: this.#format,
      vbr: this.#vbr,
      frames: this.#frames,
      packetBytes: this.#packetBytes,
      streamBytes: this.#endOffset - this.#firstOffset,
      audioCrc: this.#audioCrc,
      crc: { checked: this.#checkedFrames, failed: this.#failedFrames },
      trailing: this.#junk,
      cutOffset: this.#cutOffset,
      endOffset: this.#endOffset,
      endsWithTag: this.#endsWithTag,
      cutTagBytes: this.#cutTagBytes,
      damage: this.#damage.list(),
      remarks: this.#remarks,
    };
    const structure = toMp3Structure(facts);
    if (!this.#hasLeadingJunk && this.#junk === undefined) return structure;
    return { ...structure, streamSpan: { startByte: this.#firstOffset, endByte: this.#audioEndOffset } };
  }
}
