/** Lyrics3 v1 has no size field; its text is 5100 bytes at most, and v2 states its own at the end. */
const LYRICS_SEARCH_BYTES = 16 * 1024;

/**
 * Returns the size of the tag that begins at `position`; 0 when none does. The tag may be longer than the
 * bytes at hand.
 *
 * @see id3.org: ID3v2.4.0 section 3.1, ID3v1; APEv2 specification; Lyrics3 v2.00
 */
export function tagBytesAt(bytes: Buffer, position: number, end: number): number {
  switch (bytes.toString("latin1", position, Math.min(position + 3, end))) {
    case "ID3":
      return id3v2Bytes(bytes, position, end);
    case "TAG":
      return bytes[position + 3] === 0x2b ? 227 : 128;
    case "APE":
      return apeBytes(bytes, position, end);
    case "LYR":
      return lyricsBytes(bytes, position, end);
    default:
      return 0;
  }
}

/** Returns how many bytes of tags stand in front; more than there are bytes when the last one goes on behind them. */
export function leadingTagBytes(bytes: Buffer): number {
  let start = 0;
  for (;;) {
    const size = tagBytesAt(bytes, start, bytes.length);
    if (size === 0) return start;
    start += size;
  }
}

/** An ID3v1 tag has no size field. */
export const ID3V1_BYTES = 128;

/** Returns the size of the ID3v1 tag that the bytes end with; 0 when they end otherwise. */
export function trailingTagBytes(bytes: Buffer, start: number, end: number): number {
  const tagAt = end - ID3V1_BYTES;
  return tagAt >= start && bytes.toString("latin1", tagAt, tagAt + 3) === "TAG" ? ID3V1_BYTES : 0;
}

function id3v2Bytes(bytes: Buffer, position: number, end: number): number {
  if (end - position < 10) return 0;
  const sizeBytes = bytes.readUInt32BE(position + 6);
  // Each byte of a syncsafe size has its top bit clear, and no version is 255.
  if ((sizeBytes & 0x80808080) !== 0 || bytes[position + 3] === 0xff || bytes[position + 4] === 0xff) return 0;
  const footerBytes = ((bytes[position + 5] ?? 0) & 0x10) === 0 ? 0 : 10;
  const size = [24, 16, 8, 0].reduce((sum, shift) => sum * 128 + ((sizeBytes >>> shift) & 0x7f), 0);
  return 10 + size + footerBytes;
}

function apeBytes(bytes: Buffer, position: number, end: number): number {
  if (end - position < 32 || bytes.toString("latin1", position, position + 8) !== "APETAGEX") return 0;
  const isHeader = (bytes.readUInt32LE(position + 20) & 0x20000000) !== 0;
  // The size counts items and footer; met without its header, a footer has no items behind it.
  return isHeader ? 32 + bytes.readUInt32LE(position + 12) : 32;
}

function lyricsBytes(bytes: Buffer, position: number, end: number): number {
  const text = bytes.toString("latin1", position, Math.min(position + LYRICS_SEARCH_BYTES, end));
  if (!text.startsWith("LYRICSBEGIN")) return 0;
  const closing = /LYRICS200|LYRICSEND/.exec(text);
  return closing === null ? 0 : closing.index + 9;
}
