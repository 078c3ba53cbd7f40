/** One page, its checksum already tested. `lacing` and `body` are valid only while it is being handed over. */
export interface OggPage {
  readonly byteOffset: number;
  /** The first packet began on an earlier page. */
  readonly isContinued: boolean;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Undefined (-1 in the page) when no packet ends on it. */
  readonly granule: number | undefined;
  readonly serial: number;
  readonly sequence: number;
  /** A length for each segment; a packet ends with the first that is below 255. */
  readonly lacing: Buffer;
  readonly body: Buffer;
}

/** What every page begins with. */
export const OGG_CAPTURE = "OggS";

const HEADER_BYTES = 27;

/** Returns the length of the page at `position` as its header states it; undefined when the header is cut. */
export function oggPageBytes(bytes: Buffer, position: number, end: number): number | undefined {
  if (position + HEADER_BYTES > end) return undefined;
  const bodyAt = position + HEADER_BYTES + (bytes[position + HEADER_BYTES - 1] ?? 0);
  if (bodyAt > end) return undefined;
  let size = bodyAt - position;
  for (let at = position + HEADER_BYTES; at < bodyAt; at += 1) size += bytes[at] ?? 0;
  return size;
}

/**
 * Reads the page of `pageBytes` at `position`, which must be there in full.
 *
 * @see RFC 3533 section 6
 */
export function parseOggPage(bytes: Buffer, position: number, pageBytes: number): Omit<OggPage, "byteOffset"> {
  const flags = bytes.readUInt8(position + 5);
  const lacingAt = position + HEADER_BYTES;
  const bodyAt = lacingAt + bytes.readUInt8(position + 26);
  const granule = bytes.readInt32LE(position + 10) * 2 ** 32 + bytes.readUInt32LE(position + 6);
  return {
    isContinued: (flags & 1) !== 0,
    isFirst: (flags & 2) !== 0,
    isLast: (flags & 4) !== 0,
    granule: granule === -1 ? undefined : granule,
    serial: bytes.readUInt32LE(position + 14),
    sequence: bytes.readUInt32LE(position + 18),
    lacing: bytes.subarray(lacingAt, bodyAt),
    body: bytes.subarray(bodyAt, position + pageBytes),
  };
}
