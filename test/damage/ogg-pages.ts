/** One page of an Ogg file, with its place in it. RFC 3533 section 6. */
interface OggPage {
  readonly from: number;
  readonly to: number;
  readonly flags: number;
  readonly granule: bigint;
  readonly serial: number;
  readonly sequence: number;
  readonly lacing: Buffer;
  readonly body: Buffer;
}

const HEADER_BYTES = 27;

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  return crc;
});

/** Reads the pages of a whole file, which follow each other without a gap. */
export function readOggPages(bytes: Buffer): readonly OggPage[] {
  const pages: OggPage[] = [];
  for (let from = 0; from < bytes.length; from = pages.at(-1)?.to ?? bytes.length) {
    const bodyAt = from + HEADER_BYTES + bytes.readUInt8(from + 26);
    const lacing = bytes.subarray(from + HEADER_BYTES, bodyAt);
    const to = bodyAt + lacing.reduce((sum, lace) => sum + lace, 0);
    pages.push({
      ...{ from, to, lacing, body: bytes.subarray(bodyAt, to) },
      flags: bytes.readUInt8(from + 5),
      granule: bytes.readBigInt64LE(from + 6),
      serial: bytes.readUInt32LE(from + 14),
      sequence: bytes.readUInt32LE(from + 18),
    });
  }
  return pages;
}

/** Writes a page with its checksum. */
export function toOggPage({ flags, granule, serial, sequence, lacing, body }: Omit<OggPage, "from" | "to">): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write("OggS");
  header.writeUInt8(flags, 5);
  header.writeBigInt64LE(granule, 6);
  header.writeUInt32LE(serial >>> 0, 14);
  header.writeUInt32LE(sequence, 18);
  header.writeUInt8(lacing.length, 26);
  const page = Buffer.concat([header, lacing, body]);
  let crc = 0;
  for (const byte of page) crc = (crc << 8) ^ (CRC_TABLE[(crc >>> 24) ^ byte] ?? 0);
  page.writeInt32LE(crc, 22);
  return page;
}

/** Lays a packet out in segments. */
export function toLacing(packetBytes: number): Buffer {
  return Buffer.from([...new Array<number>(Math.floor(packetBytes / 255)).fill(255), packetBytes % 255]);
}
