import { noise, uint16le, uint32le } from "./bytes.ts";

export interface PageShape {
  readonly serial?: number;
  readonly sequence: number;
  readonly granule: number;
  readonly flags?: number;
  readonly packets: readonly Uint8Array[];
  /** Leaves the last packet open, to go on with the next page. Its length must be a multiple of 255. */
  readonly isOpen?: boolean;
}

export const FIRST = 2;
export const LAST = 4;
export const CONTINUED = 1;

/** RFC 3533 section 6, one bit at a time. */
function crcBitByBit(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc;
}

function lacing(packet: Uint8Array, isOpen: boolean): number[] {
  const full = new Array<number>(Math.floor(packet.length / 255)).fill(255);
  return isOpen ? full : [...full, packet.length % 255];
}

export function page({ serial = 7, sequence, granule, flags = 0, packets, isOpen = false }: PageShape): Buffer {
  const laces = packets.flatMap((packet, index) => lacing(packet, isOpen && index === packets.length - 1));
  const position = Buffer.alloc(8);
  position.writeBigInt64LE(BigInt(granule));
  const bytes = Buffer.concat([
    Buffer.from("OggS\0", "latin1"),
    Buffer.from([flags]),
    position,
    uint32le(serial),
    uint32le(sequence),
    uint32le(0),
    Buffer.from([laces.length, ...laces]),
    ...packets,
  ]);
  bytes.writeInt32LE(crcBitByBit(bytes), 22);
  return bytes;
}

export function opusHead({ channels = 1, preSkip = 312, rateHz = 16000 } = {}): Buffer {
  const fixed = [Buffer.from("OpusHead\x01", "latin1"), Buffer.from([channels]), uint16le(preSkip), uint32le(rateHz)];
  return Buffer.concat([...fixed, Buffer.from([0, 0, 0])]);
}

export function opusTags(text = "test"): Buffer {
  return Buffer.concat([Buffer.from("OpusTags", "latin1"), uint32le(text.length), Buffer.from(text), uint32le(0)]);
}

/** A SILK wideband packet of 20 ms (RFC 6716 table 2, configuration 9) in one frame, mono. */
export function opusPacket(sizeBytes: number, seed: number): Buffer {
  return Buffer.concat([Buffer.from([9 << 3]), noise(sizeBytes - 1, seed)]);
}

export interface OpusShape {
  readonly serial?: number;
  readonly pages?: number;
  readonly packetsPerPage?: number;
  readonly trimSamples?: number;
  readonly tags?: string;
  readonly preSkip?: number;
  readonly rateHz?: number;
  readonly channels?: number;
}

export const PACKET_SAMPLES = 960;

/** The pages of a whole Opus stream; each packet is 20 ms. */
export function opusPages(shape: OpusShape = {}): readonly Buffer[] {
  const { serial = 7, pages = 20, packetsPerPage = 5, trimSamples = 100 } = shape;
  const head = page({ serial, sequence: 0, granule: 0, flags: FIRST, packets: [opusHead(shape)] });
  const tags = page({ serial, sequence: 1, granule: 0, packets: [opusTags(shape.tags)] });
  const audio = Array.from({ length: pages }, (_, index) => {
    const isLast = index === pages - 1;
    const granule = (index + 1) * packetsPerPage * PACKET_SAMPLES - (isLast ? trimSamples : 0);
    const packets = Array.from({ length: packetsPerPage }, (_, at) => opusPacket(60 + at, index * 100 + at + 1));
    return page({ serial, sequence: index + 2, granule, flags: isLast ? LAST : 0, packets });
  });
  return [head, tags, ...audio];
}
