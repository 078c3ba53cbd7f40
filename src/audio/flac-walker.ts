import { ByteWindow } from "./byte-window.ts";
import { FlacFrameReader } from "./flac-frame-reader.ts";
import { FLAC_INFO_BYTES, tryParseFlacInfo } from "./flac-info.ts";
import { FlacStream } from "./flac-stream.ts";
import { tagBytesAt, trailingTagBytes } from "./mpeg-tag.ts";
import { type Defect, type Structure, toLength } from "./structure.ts";
import type { AudioSink, Walker } from "./walker.ts";

const MAGIC = "fLaC";
const BLOCK_HEADER_BYTES = 4;
/** Types of metadata blocks; 127 is forbidden, so that a block is never taken for a frame. */
const STREAMINFO = 0;
const FORBIDDEN = 127;

/** Longest head of an ID3v2 tag, which says how long the tag is. */
const TAG_HEADER_BYTES = 10;

/**
 * Follows the metadata blocks of a FLAC file, and its frames to the last; an ID3v2 tag may stand before it.
 *
 * @see RFC 9639
 */
export class FlacWalker implements Walker {
  readonly #window = new ByteWindow();
  readonly #sink: AudioSink;
  #place: "start" | "info" | "blocks" | "frames" | "other" = "start";
  /** Bytes of a tag or of a metadata block that are still to come. */
  #skipBytes = 0;
  #isLastBlock = false;
  #stream: FlacStream | undefined;
  #reader: FlacFrameReader | undefined;

  constructor(sink: AudioSink) {
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    this.#window.feed(chunk, () => this.#drain(false));
  }

  end(): Structure | undefined {
    const { bytes, start, end } = this.#window;
    this.#window.end -= trailingTagBytes(bytes, start, end);
    const endOffset = this.#window.offsetOf(this.#window.end);
    this.#drain(true);
    if (this.#place === "other") return undefined;
    return this.#stream?.toStructure(endOffset) ?? toUnreadable(endOffset, this.#place === "frames");
  }

  #drain(isEnd: boolean): void {
    while (this.#place !== "frames" && this.#place !== "other" && this.#step());
    if (this.#place === "frames" && this.#reader !== undefined) this.#reader.drain(isEnd);
    else if (this.#place === "frames" || this.#place === "other") this.#window.consume(this.#window.length);
  }

  /** Moves on by a tag, the magic or a metadata block; returns false when more bytes are needed. */
  #step(): boolean {
    const skipped = Math.min(this.#skipBytes, this.#window.length);
    this.#window.consume(skipped);
    this.#skipBytes -= skipped;
    if (this.#skipBytes > 0) return false;
    if (this.#place === "start") return this.#takeStart();
    if (!this.#isLastBlock) return this.#takeBlock();
    this.#place = "frames";
    return true;
  }

  #takeStart(): boolean {
    const { bytes, start, end, length } = this.#window;
    if (length >= MAGIC.length && bytes.toString("latin1", start, start + MAGIC.length) === MAGIC) {
      this.#window.consume(MAGIC.length);
      this.#place = "info";
      return true;
    }
    if (length < TAG_HEADER_BYTES) return false;
    this.#skipBytes = tagBytesAt(bytes, start, end);
    if (this.#skipBytes === 0) this.#place = "other";
    return true;
  }

  #takeBlock(): boolean {
    const { bytes, start, length } = this.#window;
    const isInfo = this.#place === "info";
    if (length < BLOCK_HEADER_BYTES + (isInfo ? FLAC_INFO_BYTES : 0)) return false;
    const type = bytes.readUInt8(start) & 0x7f;
    if (type === FORBIDDEN) this.#isLastBlock = true;
    else {
      this.#isLastBlock = type !== bytes.readUInt8(start);
      this.#skipBytes = BLOCK_HEADER_BYTES + bytes.readUIntBE(start + 1, 3);
    }
    if (isInfo && type === STREAMINFO) this.#open(start + BLOCK_HEADER_BYTES);
    this.#place = "blocks";
    return true;
  }

  #open(position: number): void {
    const info = tryParseFlacInfo(this.#window.bytes.subarray(position, position + FLAC_INFO_BYTES));
    if (info === undefined) return;
    this.#stream = new FlacStream(this.#sink, info);
    this.#reader = new FlacFrameReader(this.#window, info, this.#stream);
  }
}

/** Without STREAMINFO, nothing says what the frames are of. */
function toUnreadable(endOffset: number, hasBlocks: boolean): Structure {
  const defect: Defect = hasBlocks
    ? {
        kind: "corrupt-frames",
        message: "The file's header is damaged: it does not say how the audio is coded.",
        byteOffset: 0,
      }
    : {
        kind: "truncated",
        message: "The recording is cut short: the file ends before its audio begins.",
        byteOffset: endOffset,
      };
  return {
    container: "flac",
    codec: "flac",
    sampleRateHz: 0,
    channels: 0,
    frames: 0,
    samplesExact: false,
    declaredDurationSeconds: undefined,
    ...toLength({ samples: 0, samplesRateHz: 0, packetBytes: 0 }),
    complete: false,
    defects: [defect, { kind: "no-audio", message: "The file holds no audio that can be read." }],
    remarks: [],
  };
}
