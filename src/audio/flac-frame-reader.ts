import type { ByteWindow } from "./byte-window.ts";
import { crc16Msb } from "./crc16-msb.ts";
import { type FlacFrameHeader, MAX_FLAC_HEADER_BYTES, tryParseFlacHeader } from "./flac-frame-header.ts";
import type { FlacInfo } from "./flac-info.ts";
import type { FlacStream } from "./flac-stream.ts";
import { ID3V1_BYTES, tagBytesAt } from "./mpeg-tag.ts";

/** A header of one byte of number, a subframe of one constant byte, the CRC. */
const MIN_FRAME_BYTES = 10;

/** What is looked at must not be the tag that the file may end with, and more than a header must follow it. */
const LOOKAHEAD_BYTES = ID3V1_BYTES;

/** A place where a frame begins, if the CRC of what follows bears it out. */
interface Opening extends FlacFrameHeader {
  /** Offset in the file. */
  readonly byteOffset: number;
  /** CRC of the bytes from there up to `crcEnd`. */
  crc: number;
  crcEnd: number;
}

/** What follows an opening: another, or nothing that is one up to some place. */
interface Next {
  readonly byteOffset: number;
  readonly firstSample?: number;
}

/**
 * Finds where each FLAC frame ends, which no field says: at the next header, where the CRC comes out.
 *
 * Where it does not, the bytes that look like a header may be audio by chance, so two openings are followed
 * at once: each byte is read twice at most.
 */
export class FlacFrameReader {
  readonly #window: ByteWindow;
  readonly #info: FlacInfo;
  readonly #stream: FlacStream;
  /** The bytes of the window up to its end: behind it are others, which must not be searched. */
  #bytes: Buffer = Buffer.alloc(0);
  #first: Opening | undefined;
  #second: Opening | undefined;
  /** Before this offset all openings have been seen. */
  #seenEnd = 0;
  /** Size of the longest frame that fits its checksum. */
  #longestBytes = 0;
  /** Bytes of a tag behind the last frame that are still to come. */
  #tagBytes = 0;

  constructor(window: ByteWindow, info: FlacInfo, stream: FlacStream) {
    this.#window = window;
    this.#info = info;
    this.#stream = stream;
  }

  /** Takes every frame whose end is known; at the end of the file, all that there is. */
  drain(isEnd: boolean): void {
    this.#bytes = this.#window.bytes.subarray(0, this.#window.end);
    while (this.#step(isEnd));
    if (isEnd) this.#finish();
  }

  #step(isEnd: boolean): boolean {
    if (!this.#skipTag()) return false;
    const first = this.#first;
    const judgedEnd = this.#end - (isEnd ? 0 : LOOKAHEAD_BYTES);
    const lookEnd = first === undefined ? judgedEnd : Math.min(judgedEnd, this.#toLastEnd(first) + 1);
    const opening = this.#find(lookEnd);
    this.#seenEnd = opening === undefined ? Math.max(this.#seenEnd, lookEnd) : opening.byteOffset + 1;
    if (opening !== undefined) this.#meet(opening);
    else if (first === undefined) this.#takeJunk(this.#seenEnd);
    else if (lookEnd < judgedEnd) this.#giveUp(first);
    else return false;
    return opening !== undefined || first !== undefined;
  }

  get #end(): number {
    return this.#window.offsetOf(this.#window.end);
  }

  /** Position in the window's bytes of an offset in the file. */
  #at(byteOffset: number): number {
    return byteOffset - this.#window.offsetOf(0);
  }

  /** No encoder makes a frame longer than its samples are uncoded. */
  #toLastEnd({ byteOffset, blockSamples }: Opening): number {
    const { channels, bitsPerSample } = this.#info;
    // The difference of two sides takes a bit more; each channel has a header, and may waste a byte.
    const bits = channels * (16 + blockSamples * (bitsPerSample + 1));
    return byteOffset + MAX_FLAC_HEADER_BYTES + Math.ceil(bits / 8) + 2;
  }

  #find(lookEnd: number): Opening | undefined {
    const bytes = this.#bytes;
    const to = this.#at(lookEnd);
    let position = bytes.indexOf(0xff, Math.max(this.#at(this.#seenEnd), this.#window.start));
    while (position !== -1 && position < to) {
      const header = tryParseFlacHeader(bytes, position, this.#info);
      const byteOffset = this.#window.offsetOf(position);
      if (header !== undefined) return { ...header, byteOffset, crc: 0, crcEnd: byteOffset };
      position = bytes.indexOf(0xff, position + 1);
    }
    return undefined;
  }

  #meet(opening: Opening): void {
    const [first, second] = [this.#first, this.#second];
    if (first === undefined) this.#takeJunk(opening.byteOffset);
    else if (this.#fits(first, opening.byteOffset)) this.#takeFrame(first, opening.byteOffset);
    else if (second === undefined) {
      this.#second = opening;
      return;
    } else if (this.#fits(second, opening.byteOffset)) {
      this.#leave(first, second);
      this.#takeFrame(second, opening.byteOffset);
    } else {
      this.#leave(first, second);
      this.#first = second;
      this.#second = opening;
      return;
    }
    this.#first = opening;
    this.#second = undefined;
  }

  #fits(opening: Opening, end: number): boolean {
    const { bytes } = this.#window;
    opening.crc = crc16Msb(bytes, { from: this.#at(opening.crcEnd), to: this.#at(end), seed: opening.crc });
    opening.crcEnd = end;
    return opening.crc === 0;
  }

  /** Nothing that follows within the length of a frame begins another. */
  #giveUp(first: Opening): void {
    const second = this.#second;
    this.#leave(first, second ?? { byteOffset: this.#seenEnd });
    this.#first = second;
    this.#second = undefined;
  }

  /** Parts from an opening whose CRC did not come out; a frame that the next continues is damaged, but there. */
  #leave(first: Opening, next: Next): void {
    if (next.firstSample === first.firstSample + first.blockSamples) {
      this.#takeFrame(first, next.byteOffset, false);
      return;
    }
    const end = this.#findEnd(first, next.byteOffset);
    if (end !== undefined) this.#takeLast(first, end, next);
    this.#takeJunk(next.byteOffset);
  }

  /** Takes a frame that no other follows, and the tag that may. */
  #takeLast(first: Opening, end: number, { byteOffset, firstSample }: Next): void {
    this.#takeFrame(first, end);
    const tagBytes = tagBytesAt(this.#window.bytes, this.#window.start, this.#at(byteOffset));
    this.#tagBytes = firstSample === undefined ? tagBytes : Math.min(tagBytes, byteOffset - end);
    this.#skipTag();
  }

  #skipTag(): boolean {
    const skipped = Math.min(this.#tagBytes, this.#window.length);
    this.#window.consume(skipped);
    this.#tagBytes -= skipped;
    return this.#tagBytes === 0;
  }

  /**
   * Finds the first place before `limit` where the CRC comes out and something speaks for an end: no more audio
   * is to come, or a tag follows, or what may have been a header.
   */
  #findEnd({ byteOffset, firstSample, blockSamples }: Opening, limit: number): number | undefined {
    const { bytes } = this.#window;
    const isLast = firstSample + blockSamples === this.#info.totalSamples;
    // A last frame that is damaged has such a place by chance, 1 in 65536 a byte, and no more bytes than others.
    const isSurplus = isLast && limit - byteOffset > this.#longestBytes;
    const to = this.#at(limit);
    let paddingAt = to;
    while (isLast && bytes[paddingAt - 1] === 0) paddingAt -= 1;
    let crc = 0;
    for (let from = this.#at(byteOffset); from < to; from += 1) {
      crc = crc16Msb(bytes, { from, to: from + 1, seed: crc });
      const isFar = from + 1 - this.#at(byteOffset) >= MIN_FRAME_BYTES;
      if (crc !== 0 || !isFar) continue;
      if (isSurplus || from + 1 >= paddingAt || bytes[from + 1] === 0xff || tagBytesAt(bytes, from + 1, to) > 0) {
        return this.#window.offsetOf(from + 1);
      }
    }
    return undefined;
  }

  #finish(): void {
    const first = this.#first;
    if (first === undefined) this.#takeJunk(this.#end);
    else if (this.#fits(first, this.#end)) this.#takeFrame(first, this.#end);
    else if (this.#second !== undefined) {
      this.#giveUp(first);
      this.#finish();
    } else this.#takeTail(first);
  }

  /** Takes the last frame, which may be cut short, and what stands behind it. */
  #takeTail(first: Opening): void {
    const end = this.#findEnd(first, this.#end);
    if (end === undefined) {
      this.#stream.frameIsCut(first.byteOffset);
      return;
    }
    this.#takeLast(first, end, { byteOffset: this.#end });
    const { bytes, start, length, offset } = this.#window;
    if (length > 0 && length < MAX_FLAC_HEADER_BYTES && bytes[start] === 0xff) this.#stream.frameIsCut(offset);
    else this.#takeJunk(this.#end);
  }

  #takeFrame(opening: Opening, end: number, isIntact = true): void {
    const { bytes } = this.#window;
    const run = bytes.subarray(this.#at(opening.byteOffset), this.#at(end));
    if (isIntact) this.#longestBytes = Math.max(this.#longestBytes, run.length);
    this.#stream.takeFrame(run, opening, isIntact);
    this.#window.consume(end - this.#window.offset);
  }

  #takeJunk(end: number): void {
    const { bytes, start, offset } = this.#window;
    if (end <= offset) return;
    this.#stream.takeJunk(bytes.subarray(start, this.#at(end)), offset);
    this.#window.consume(end - offset);
  }
}
