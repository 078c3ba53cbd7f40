import { ByteWindow } from "./byte-window.ts";
import type { Structure } from "./structure.ts";
import type { AudioSink, Walker } from "./walker.ts";
import { tryParseWavFormat, type WavFormat } from "./wav-format.ts";
import { isOpenSize, tryParseDs64, type WavSizes } from "./wav-sizes.ts";
import { toWavStructure, type WavData, type WavTail } from "./wav-verdict.ts";

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
/** Chunks that are read are far smaller; one that claims more is skipped. */
const MAX_CAPTURE_BYTES = 4096;
/** 32-bit sizes of an RF64 file stand in its ds64 chunk instead. */
const SIZE_IN_DS64 = 0xffffffff;

/** Where the walk stands: at a header, inside a chunk with so many bytes still to come, or behind it all. */
type Place =
  | { readonly at: "riff" | "chunk" | "trailing" }
  | { readonly at: "capture"; readonly id: string; readonly sizeBytes: number }
  | { readonly at: "skip" | "data"; leftBytes: number };

/**
 * Follows the chunks of a RIFF, RF64 or BW64 WAVE file against the bytes that are there.
 *
 * Audio is handed over in whole blocks; nothing of it is kept.
 *
 * @see RIFF MCI spec, EBU Tech 3285 (BWF), EBU Tech 3306 (RF64), ITU-R BS.2088 (BW64)
 */
export class WavWalker implements Walker {
  readonly #window = new ByteWindow();
  readonly #sink: AudioSink;
  #place: Place = { at: "riff" };
  #riffBytes = 0;
  #sizes: WavSizes | undefined;
  #format: WavFormat | undefined;
  #factSamples: number | undefined;
  #data: WavData | undefined;
  #needsPad = false;
  #tail: WavTail = { byteOffset: 0, sizeBytes: 0, isZero: true, begin: "" };

  constructor(sink: AudioSink) {
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    this.#window.feed(chunk, () => this.#drain(false));
  }

  /** Undefined before it was met; audio that is handed over earlier cannot be told. */
  get format(): WavFormat | undefined {
    return this.#format;
  }

  end(): Structure {
    this.#drain(true);
    const isInChunk = this.#place.at === "capture" || this.#place.at === "skip" || this.#window.length > 0;
    if (this.#place.at === "data" && this.#data !== undefined) this.#data.foundBytes += this.#window.length;
    return toWavStructure({
      fileBytes: this.#window.offset + this.#window.length,
      riffBytes: this.#riffBytes,
      format: this.#format,
      factSamples: this.#factSamples,
      data: this.#data,
      tail: this.#tail,
      endsInChunk: isInChunk && this.#place.at !== "data",
    });
  }

  #drain(isEnd: boolean): void {
    while (this.#window.length > 0 && this.#step(isEnd));
  }

  /** Moves on by one header or by what there is of a chunk; returns false when more bytes are needed. */
  #step(isEnd: boolean): boolean {
    switch (this.#place.at) {
      case "riff":
        return this.#takeRiffHeader();
      case "chunk":
        return this.#takePad() || this.#takeChunkHeader(isEnd);
      case "capture":
        return this.#takeCapture(this.#place.id, this.#place.sizeBytes);
      case "skip":
        return this.#skip(this.#place);
      case "data":
        return this.#takeData(this.#place);
      case "trailing":
        return this.#takeTail();
    }
  }

  #takeRiffHeader(): boolean {
    if (this.#window.length < RIFF_HEADER_BYTES) return false;
    this.#riffBytes = this.#window.bytes.readUInt32LE(this.#window.start + 4);
    this.#window.consume(RIFF_HEADER_BYTES);
    this.#place = { at: "chunk" };
    return true;
  }

  /** A chunk of odd size is followed by a zero byte, which some writers leave out. */
  #takePad(): boolean {
    const isPad = this.#needsPad && this.#window.bytes[this.#window.start] === 0;
    this.#needsPad = false;
    if (isPad) this.#window.consume(1);
    return isPad;
  }

  #takeChunkHeader(isEnd: boolean): boolean {
    const { bytes, start, length, offset } = this.#window;
    if (this.#data !== undefined && offset >= this.#riffBytes + 8 && !isOpenSize(this.#riffBytes))
      return this.#openTail();
    if (length < CHUNK_HEADER_BYTES) return isEnd && this.#data !== undefined ? this.#openTail() : false;
    const id = bytes.toString("latin1", start, start + 4);
    if (!isChunkId(id)) return this.#openTail();
    const sizeBytes = bytes.readUInt32LE(start + 4);
    // An empty data chunk is told from one of unknown length by what follows it.
    if (id === "data" && sizeBytes === 0 && length < 2 * CHUNK_HEADER_BYTES && !isEnd) return false;
    this.#window.consume(CHUNK_HEADER_BYTES);
    this.#openChunk(id, sizeBytes);
    return true;
  }

  #openChunk(id: string, sizeBytes: number): void {
    this.#needsPad = sizeBytes % 2 === 1;
    if (id === "data" && this.#data === undefined) this.#openData(sizeBytes);
    else if (sizeBytes === 0) this.#place = { at: "chunk" };
    else if (["fmt ", "fact", "ds64"].includes(id) && sizeBytes <= MAX_CAPTURE_BYTES) {
      this.#place = { at: "capture", id, sizeBytes };
    } else this.#place = { at: "skip", leftBytes: sizeBytes };
  }

  #openData(sizeBytes: number): void {
    const declaredBytes = sizeBytes === SIZE_IN_DS64 ? (this.#sizes?.dataBytes ?? sizeBytes) : sizeBytes;
    const { bytes, start, length, offset } = this.#window;
    const isOpen = declaredBytes === 0 && length > 0 && !isChunkId(bytes.toString("latin1", start, start + 4));
    this.#needsPad = declaredBytes % 2 === 1;
    this.#data = { byteOffset: offset, declaredBytes, foundBytes: 0 };
    this.#place = { at: "data", leftBytes: isOpen ? Number.POSITIVE_INFINITY : declaredBytes };
  }

  #takeCapture(id: string, sizeBytes: number): boolean {
    const { bytes, start, length } = this.#window;
    if (length < sizeBytes) return false;
    const body = bytes.subarray(start, start + sizeBytes);
    if (id === "fmt ") this.#format ??= tryParseWavFormat(body);
    if (id === "fact" && sizeBytes >= 4) this.#factSamples = body.readUInt32LE(0);
    if (id === "ds64") this.#takeSizes(tryParseDs64(body));
    this.#window.consume(sizeBytes);
    this.#place = { at: "chunk" };
    return true;
  }

  #takeSizes(sizes: WavSizes | undefined): void {
    this.#sizes = sizes;
    if (sizes !== undefined && this.#riffBytes === SIZE_IN_DS64) this.#riffBytes = sizes.riffBytes;
  }

  #skip(place: { leftBytes: number }): boolean {
    const skipped = Math.min(place.leftBytes, this.#window.length);
    this.#window.consume(skipped);
    place.leftBytes -= skipped;
    if (place.leftBytes === 0) this.#place = { at: "chunk" };
    return true;
  }

  /** Hands over whole blocks; the rest of a block waits for more, or is dropped where the chunk ends. */
  #takeData(place: { leftBytes: number }): boolean {
    const { bytes, start, length } = this.#window;
    const there = Math.min(place.leftBytes, length);
    const wholeBytes = there - (there % (this.#format?.blockBytes ?? 1));
    const isLast = there === place.leftBytes;
    if (wholeBytes > 0) this.#sink(bytes.subarray(start, start + wholeBytes));
    const taken = isLast ? there : wholeBytes;
    this.#window.consume(taken);
    place.leftBytes -= taken;
    if (this.#data !== undefined) this.#data.foundBytes += taken;
    if (isLast) this.#place = { at: "chunk" };
    return isLast || taken > 0;
  }

  #openTail(): boolean {
    this.#place = { at: "trailing" };
    return true;
  }

  #takeTail(): boolean {
    const { bytes, start, end, length, offset } = this.#window;
    const rest = bytes.subarray(start, end);
    const { sizeBytes, isZero, byteOffset, begin } = this.#tail;
    this.#tail = {
      byteOffset: sizeBytes === 0 ? offset : byteOffset,
      sizeBytes: sizeBytes + length,
      isZero: isZero && rest.every((byte) => byte === 0),
      begin: begin.length < 8 ? (begin + rest.toString("latin1", 0, 8)).slice(0, 8) : begin,
    };
    this.#window.consume(length);
    return true;
  }
}

function isChunkId(id: string): boolean {
  return /^[\x20-\x7e]{4}$/.test(id);
}
