import { ByteWindow } from "./byte-window.ts";
import { isSameStream, type MpegFormat, mpegFrameBytes, tryParseMpegHeader } from "./mpeg-header.ts";
import { confirmSync, findSync, type MpegSync, SYNC_LOOKAHEAD_BYTES } from "./mpeg-sync.ts";
import { tagBytesAt } from "./mpeg-tag.ts";
import { tryParseVbrHeader } from "./vbr-header.ts";

/** What gets the frames of a stream. */
export interface FrameTaker {
  /** Called once, before the first frame. */
  begin(format: MpegFormat): void;
  /** Takes a whole frame, which is there only during the call. */
  take(view: DataView, from: number, to: number): void;
}

const HEADER_BYTES = 4;

/**
 * Hands over the whole frames of MPEG audio one by one, and passes over all else. `Mp3Walker` does more: it judges what it
 * passes over, and holds the frames against their checksums, which takes as long as hashing them.
 *
 * Every position is judged with {@link SYNC_LOOKAHEAD_BYTES} behind it or at the end of the file, so that the frames are the
 * same however the file is split.
 */
export class MpegFrames {
  readonly #window = new ByteWindow();
  readonly #taker: FrameTaker;
  #stream: { readonly header: number; readonly freeBytes: number } | undefined;
  /** Bytes of a tag that are still to come. */
  #skipBytes = 0;
  #sawTag = false;
  #isInJunk = false;

  constructor(taker: FrameTaker) {
    this.#taker = taker;
  }

  push(chunk: Uint8Array): void {
    this.#window.feed(chunk, () => this.#drain(false));
  }

  /** Tells that the file ends here. */
  end(): void {
    this.#drain(true);
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

  /** Consumes at least one byte, or begins the stream, or comes upon a tag or junk. */
  #step(isEnd: boolean): void {
    const limit = isEnd ? this.#window.end : this.#window.end - SYNC_LOOKAHEAD_BYTES + 1;
    if (this.#isInJunk) this.#seek(limit, isEnd);
    else if (!this.#takeFrames(limit) && !this.#findTag() && !this.#beginHere(isEnd)) this.#isInJunk = true;
  }

  /** Takes the frames that begin before `limit`, as long as one follows the other; a cut one ends the file. */
  #takeFrames(limit: number): boolean {
    const { bytes, start, end } = this.#window;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = start;
    while (at < limit) {
      const frameBytes = at + HEADER_BYTES > end ? 0 : this.#frameBytes(view.getUint32(at));
      if (frameBytes === 0) break;
      if (at + frameBytes <= end) this.#taker.take(view, at, at + frameBytes);
      at = Math.min(at + frameBytes, end);
    }
    this.#window.consume(at - start);
    return at > start;
  }

  /** 0 when no frame of this stream begins so. */
  #frameBytes(header: number): number {
    const stream = this.#stream;
    return stream !== undefined && isSameStream(header, stream.header) ? mpegFrameBytes(header, stream.freeBytes) : 0;
  }

  #findTag(): boolean {
    const { bytes, start, end } = this.#window;
    this.#skipBytes = tagBytesAt(bytes, start, end);
    this.#sawTag ||= this.#skipBytes > 0;
    return this.#skipBytes > 0;
  }

  #beginHere(isEnd: boolean): boolean {
    if (this.#stream !== undefined) return false;
    const { bytes, start, end } = this.#window;
    const sync = confirmSync({ bytes, end, isEnd }, start, this.#sawTag ? "tag" : "start");
    if (sync !== undefined) this.#begin(sync);
    return sync !== undefined;
  }

  /** Goes to the next frame, or over all that can be judged. */
  #seek(limit: number, isEnd: boolean): void {
    const { bytes, start, end } = this.#window;
    const sync = findSync({ bytes, end, isEnd }, { from: start, to: limit, hint: this.#stream ?? "none" });
    this.#window.consume((sync?.position ?? limit) - start);
    this.#isInJunk = sync === undefined;
    if (sync !== undefined && this.#stream === undefined) this.#begin(sync);
  }

  /** The first frame may hold a Xing, Info or VBRI header and no audio. */
  #begin({ position, freeBytes }: MpegSync): void {
    const { bytes, end } = this.#window;
    const header = bytes.readUInt32BE(position);
    const format = tryParseMpegHeader(header);
    if (format === undefined) return;
    this.#stream = { header, freeBytes };
    this.#taker.begin(format);
    const frameBytes = Math.min(mpegFrameBytes(header, freeBytes), end - position);
    const frame = bytes.subarray(position, position + frameBytes);
    if (tryParseVbrHeader(frame, format) !== undefined) this.#window.consume(frameBytes);
  }
}
