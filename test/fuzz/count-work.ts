import { Identifier } from "../../src/audio/identify.ts";
import { oggPageBytes } from "../../src/audio/ogg-page.ts";

const OGG_CRC_AT = 22;

/**
 * Counts the bytes that one identification looks at, as often as it does: what it reads, searches, copies, compares and
 * computes page checksums over. The same for the same bytes on every machine, unlike seconds.
 */
export function countWork(bytes: Uint8Array, pieceBytes = 64 * 1024): number {
  let count = 0;
  const restore = spyOnBuffers((looked) => {
    count += looked;
  });
  try {
    const identifier = new Identifier();
    for (let at = 0; at < bytes.length; at += pieceBytes) identifier.push(bytes.subarray(at, at + pieceBytes));
    identifier.end();
  } finally {
    restore();
  }
  return count;
}

/** Puts a counter before the methods that readers of bytes use; gives the way back. */
function spyOnBuffers(onLook: (bytes: number) => void): () => void {
  const {
    indexOf,
    copy,
    every,
    readUInt32BE,
    readUInt32LE,
    readInt32LE,
    readUInt8,
    toString: toText,
  } = Buffer.prototype;
  const own = Object.getOwnPropertyNames(Buffer.prototype);
  Object.assign(Buffer.prototype, {
    indexOf(this: Buffer, ...args: Parameters<typeof indexOf>) {
      const found = indexOf.apply(this, args);
      onLook((found === -1 ? this.length : found) - Number(args[1] ?? 0));
      return found;
    },
    copy(this: Buffer, ...args: Parameters<typeof copy>) {
      const copied = copy.apply(this, args);
      onLook(copied);
      return copied;
    },
    every(this: Buffer, ...args: Parameters<typeof every>) {
      onLook(this.length);
      return every.apply(this, args);
    },
    toString(this: Buffer, encoding?: BufferEncoding, from = 0, to = this.length) {
      onLook(to - from);
      return toText.call(this, encoding, from, to);
    },
    readUInt8(this: Buffer, at?: number) {
      onLook(1);
      return readUInt8.call(this, at);
    },
    readUInt32BE(this: Buffer, at?: number) {
      onLook(4);
      return readUInt32BE.call(this, at);
    },
    readUInt32LE(this: Buffer, at?: number) {
      onLook(4);
      return readUInt32LE.call(this, at);
    },
    readInt32LE(this: Buffer, at = 0) {
      // A page's checksum is read when it has been computed over all of the page.
      onLook(4 + toCheckedBytes(this, at - OGG_CRC_AT));
      return readInt32LE.call(this, at);
    },
  });
  return () => {
    Object.assign(Buffer.prototype, {
      indexOf,
      copy,
      readUInt32BE,
      readUInt32LE,
      readInt32LE,
      readUInt8,
      toString: toText,
    });
    if (!own.includes("every")) Reflect.deleteProperty(Buffer.prototype, "every");
  };
}

function toCheckedBytes(bytes: Buffer, pageAt: number): number {
  const isPage = pageAt >= 0 && bytes[pageAt] === 0x4f && bytes[pageAt + 1] === 0x67;
  return isPage ? (oggPageBytes(bytes, pageAt, bytes.length) ?? 0) : 0;
}
