import { ByteWindow } from "./byte-window.ts";
import { Mp3Stream } from "./mp3-stream.ts";
import { mpegFrameBytes } from "./mpeg-header.ts";
import { confirmSync, findSync, type MpegSync, SYNC_LOOKAHEAD_BYTES } from "./mpeg-sync.ts";
import { tagBytesAt, trailingTagBytes } from "./mpeg-tag.ts";
import type { Structure } from "./structure.ts";
import type { AudioSink, Walker } from "./walker.ts";

const HEADER_BYTES = 4;

/**
 * Follows every MPEG audio frame to the next: Layer III of MPEG 1, 2 and 2.5, Layers I and II, CBR, VBR and
 * free format. Tags before, behind and between frames are no audio and no damage.
 *
 * Every position is judged with {@link SYNC_LOOKAHEAD_BYTES} behind it or at the end of the file, which is
 * what makes the result the same however the file is split.
 */
export class Mp3Walker implements Walker {
  readonly #window = new ByteWindow();
  readonly #stream: Mp3Stream;
  /** Bytes of a tag that are still to come. */
  #skipBytes = 0;
  #sawTag = false;
  #isInJunk = false;

  constructor(sink: AudioSink) {
    this.#stream = new Mp3Stream(sink);
  }

  push(chunk: Uint8Array): void {
    this.#window.feed(chunk, () => this.#drain(false));
  }

  end(): Structure | undefined {
    const hasId3v1 = this.#dropId3v1();
    this.#drain(true);
    if (hasId3v1) this.#takeTag();
    if (this.#skipBytes > 0) this.#stream.tagIsCut(this.#skipBytes, this.#window.offset);
    return this.#sawTag || this.#stream.isFound ? this.#stream.toStructure() : undefined;
  }

  /** A cut last frame may claim the bytes of the tag that was put behind it. */
  #dropId3v1(): boolean {
    const { bytes, start, end } = this.#window;
    const tagBytes = trailingTagBytes(bytes, start, end);
    this.#window.end -= tagBytes;
    return tagBytes > 0;
  }

  /** Positions before this one can be judged for good. */
  #limit(isEnd: boolean): number {
    return isEnd ? this.#window.end : this.#window.end - SYNC_LOOKAHEAD_BYTES + 1;
  }

  #drain(isEnd: boolean): void {
    const window = this.#window;
    for (;;) {
      const skipped = Math.min(this.#skipBytes, window.length);
      window.consume(skipped);
      this.#skipBytes -= skipped;
      if (window.length === 0 || (!isEnd && window.length < SYNC_LOOKAHEAD_BYTES)) return;
      this.#step(isEnd);
    }
  }

  /** Consumes at least one byte. */
  #step(isEnd: boolean): void {
    if (this.#isInJunk) this.#seek(isEnd);
    else if (this.#isCutHeader()) this.#takeCutHeader();
    else if (this.#stream.frameBytes(this.#headerAt(this.#window.start)) > 0) this.#takeFrames(isEnd);
    else if (!this.#skipTag() && !this.#open(isEnd)) this.#isInJunk = true;
  }

  /** Reads a header; 0, which is none, when fewer than four bytes are left. */
  #headerAt(position: number): number {
    const { bytes, end } = this.#window;
    return position + HEADER_BYTES <= end ? bytes.readUInt32BE(position) : 0;
  }

  /** Tells whether the file ends inside the header of a frame. */
  #isCutHeader(): boolean {
    const { bytes, start, length } = this.#window;
    return length < HEADER_BYTES && bytes[start] === 0xff && this.#stream.isFound;
  }

  #takeCutHeader(): void {
    this.#stream.frameIsCut(this.#window.offset);
    this.#takeRun(this.#window.end);
  }

  #skipTag(): boolean {
    const { bytes, start, end } = this.#window;
    this.#skipBytes = tagBytesAt(bytes, start, end);
    if (this.#skipBytes > 0) this.#takeTag();
    return this.#skipBytes > 0;
  }

  #takeTag(): void {
    this.#sawTag = true;
    this.#stream.tagFollows();
  }

  /** Begins the stream when its first frame stands right here. */
  #open(isEnd: boolean): boolean {
    if (this.#stream.isFound) return false;
    const sync = confirmSync(this.#bytes(isEnd), this.#window.start, this.#sawTag ? "tag" : "start");
    if (sync !== undefined) this.#begin(sync);
    return sync !== undefined;
  }

  #bytes(isEnd: boolean) {
    return { bytes: this.#window.bytes, end: this.#window.end, isEnd };
  }

  #begin({ position, freeBytes }: MpegSync): void {
    const header = this.#headerAt(position);
    const frameBytes = Math.min(mpegFrameBytes(header, freeBytes), this.#window.end - position);
    const frame = this.#window.bytes.subarray(position, position + frameBytes);
    if (this.#stream.begin({ header, freeBytes, frame, byteOffset: this.#window.offsetOf(position) })) {
      this.#window.consume(frameBytes);
    }
  }

  /** Consumes frames for as long as each leads to another; the last one before anything else is judged alone. */
  #takeFrames(isEnd: boolean): void {
    const { bytes, start, end } = this.#window;
    const limit = this.#limit(isEnd);
    const stream = this.#stream;
    let position = start;
    let next = position + stream.frameBytes(this.#headerAt(position));
    while (position < limit && next + HEADER_BYTES <= end) {
      const nextBytes = stream.frameBytes(bytes.readUInt32BE(next));
      if (nextBytes === 0) break;
      stream.takeFrame(bytes, position, next);
      position = next;
      next += nextBytes;
    }
    this.#takeRun(position);
    if (position < limit) this.#takeLastFrame(next, isEnd);
  }

  /** Hands over the frames up to `to` in one piece: hashing a large run is much faster than frame by frame. */
  #takeRun(to: number): void {
    const { bytes, start, offset } = this.#window;
    this.#stream.takeRun(bytes.subarray(start, to), offset);
    this.#window.consume(to - start);
  }

  /** Takes a frame that no other follows: before a tag, junk or the end, cut by the end, or damaged itself. */
  #takeLastFrame(next: number, isEnd: boolean): void {
    const { bytes, start, end } = this.#window;
    const to = Math.min(next, end);
    const leadsOn = next === end || tagBytesAt(bytes, next, end) > 0;
    // Where bytes were lost inside this frame, the next one begins before its length says.
    const inner = leadsOn ? undefined : this.#find({ from: start + HEADER_BYTES, to, isEnd });
    if (inner !== undefined) this.#takeJunk(inner.position, true);
    else this.#takeFrame(next);
  }

  #takeFrame(next: number): void {
    const { bytes, start, end, offset } = this.#window;
    if (next <= end) this.#stream.takeFrame(bytes, start, next);
    else this.#stream.frameIsCut(offset);
    this.#takeRun(Math.min(next, end));
  }

  #find({ from, to, isEnd }: { readonly from: number; readonly to: number; readonly isEnd: boolean }) {
    const hint = this.#stream.isFound ? this.#stream : "none";
    return findSync(this.#bytes(isEnd), { from, to, hint });
  }

  /** Consumes what is not audio up to the next frame, or all that can be judged. */
  #seek(isEnd: boolean): void {
    const limit = this.#limit(isEnd);
    const sync = this.#find({ from: this.#window.start, to: limit, isEnd });
    this.#takeJunk(sync?.position ?? limit, sync !== undefined);
    if (sync !== undefined && !this.#stream.isFound) this.#begin(sync);
  }

  #takeJunk(to: number, isAll: boolean): void {
    const { bytes, start, offset } = this.#window;
    this.#stream.takeJunk(bytes.subarray(start, to), offset);
    this.#window.consume(to - start);
    this.#isInJunk = !isAll;
    if (isAll) this.#stream.endJunk();
  }
}
