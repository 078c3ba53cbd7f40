import { ByteWindow } from "./byte-window.ts";
import { fitsOggCrc } from "./ogg-crc.ts";
import { OGG_CAPTURE, type OggPage, oggPageBytes, parseOggPage } from "./ogg-page.ts";

/** Bytes that belong to no good page. */
export interface OggDamage {
  readonly byteOffset: number;
  readonly sizeBytes: number;
  /** `cut`: the file ends inside a page; `damaged`: a page or junk stands there. */
  readonly shape: "cut" | "damaged";
  readonly isZero: boolean;
}

/** Takes pages in order, with the damage that stands right before each. */
type OggPageHandler = (page: OggPage, damageBefore: OggDamage | undefined) => void;

/** A hostile file can hold a page header in every 32 bytes, each claiming 64 KiB: checks are paid by progress. */
const FAILED_BYTES_PER_BYTE = 8;
const FAILED_BYTES_AT_ONCE = 1024 * 1024;

/** Cuts an Ogg file into pages whose checksums fit, and into what lies between them. */
export class OggReader {
  readonly #window = new ByteWindow();
  readonly #onPage: OggPageHandler;
  #damageFrom: number | undefined;
  #damageIsZero = true;
  #failedBytes = 0;

  constructor(onPage: OggPageHandler) {
    this.#onPage = onPage;
  }

  get sizeBytes(): number {
    return this.#window.offset;
  }

  push(chunk: Uint8Array): void {
    this.#window.feed(chunk, () => this.#drain(false));
  }

  /** Returns what follows the last good page; undefined when nothing does. */
  end(): OggDamage | undefined {
    const cutFrom = this.#window.offset;
    const isCut = this.#damageFrom === undefined && this.#isCutPage();
    this.#drain(true);
    const damage = this.#closeDamage();
    return damage !== undefined && isCut && damage.byteOffset === cutFrom ? { ...damage, shape: "cut" } : damage;
  }

  /** Tells whether the bytes left are the beginning of a page whose end is not there. */
  #isCutPage(): boolean {
    const { bytes, start, end, length } = this.#window;
    const capture = bytes.toString("latin1", start, Math.min(start + OGG_CAPTURE.length, end));
    const pageBytes = oggPageBytes(bytes, start, end);
    return length > 0 && OGG_CAPTURE.startsWith(capture) && (pageBytes === undefined || pageBytes > length);
  }

  #drain(isEnd: boolean): void {
    while (this.#window.length > 0) {
      const found = this.#window.bytes.indexOf(OGG_CAPTURE, this.#window.start, "latin1");
      const { start, end } = this.#window;
      // The last three bytes may be the beginning of a capture pattern.
      const pageAt =
        found === -1 || found + OGG_CAPTURE.length > end ? (isEnd ? end : Math.max(start, end - 3)) : found;
      this.#takeDamage(pageAt - start);
      if (this.#window.length < OGG_CAPTURE.length || !this.#takePage(isEnd)) return;
    }
  }

  /** Takes the page that begins right here, or a byte of damage; returns false when more bytes are needed. */
  #takePage(isEnd: boolean): boolean {
    const { bytes, start, end, length } = this.#window;
    const pageBytes = oggPageBytes(bytes, start, end);
    const isThere = pageBytes !== undefined && pageBytes <= length;
    if (!isThere && !isEnd) return false;
    if (isThere && this.#isGood(pageBytes)) this.#handOver(pageBytes);
    else this.#takeDamage(1);
    return true;
  }

  #isGood(pageBytes: number): boolean {
    const { bytes, start, offset } = this.#window;
    if (this.#failedBytes > FAILED_BYTES_AT_ONCE + offset * FAILED_BYTES_PER_BYTE) return false;
    const isGood = bytes[start + 4] === 0 && fitsOggCrc(bytes, start, pageBytes);
    if (!isGood) this.#failedBytes += pageBytes;
    return isGood;
  }

  #handOver(pageBytes: number): void {
    const { bytes, start, offset } = this.#window;
    const damage = this.#closeDamage();
    this.#onPage({ byteOffset: offset, ...parseOggPage(bytes, start, pageBytes) }, damage);
    this.#window.consume(pageBytes);
  }

  #takeDamage(count: number): void {
    if (count === 0) return;
    const { bytes, start, offset } = this.#window;
    this.#damageFrom ??= offset;
    this.#damageIsZero &&= bytes.subarray(start, start + count).every((byte) => byte === 0);
    this.#window.consume(count);
  }

  #closeDamage(): OggDamage | undefined {
    const byteOffset = this.#damageFrom;
    if (byteOffset === undefined) return undefined;
    const damage = { byteOffset, sizeBytes: this.#window.offset - byteOffset, isZero: this.#damageIsZero };
    this.#damageFrom = undefined;
    this.#damageIsZero = true;
    return { ...damage, shape: "damaged" };
  }
}
