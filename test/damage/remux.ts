import type { SeededRandom } from "../../src/sandbox/seeded-random.ts";
import { id3v2 } from "../unit/audio/mpeg-bytes.ts";
import { chunk } from "../unit/audio/wav-bytes.ts";
import type { Sample } from "./make-damage.ts";
import { readMpegFrames } from "./mpeg-frames.ts";
import { readOggPages, toOggPage } from "./ogg-pages.ts";

/** Wraps the same audio in another way. */
export function remux({ format, bytes }: Sample, random: SeededRandom): Buffer {
  return { wav: remuxWav, mp3: remuxMp3, opus: remuxOpus }[format](bytes, random);
}

const OPEN_SIZE = 0xffffffff;

/** One of: an extensible format, RF64, a header that states no sizes, chunks around the audio. */
function remuxWav(bytes: Buffer, random: SeededRandom): Buffer {
  const formatAt = bytes.indexOf("fmt ") + 8;
  const format = bytes.subarray(formatAt, formatAt + bytes.readUInt32LE(formatAt - 4));
  const dataAt = bytes.indexOf("data") + 8;
  const data = bytes.subarray(dataAt, dataAt + bytes.readUInt32LE(dataAt - 4));
  const extra = chunk(random.pick(["bext", "JUNK", "cue "]), Buffer.alloc(random.between(1, 700), 0x20));
  switch (random.between(0, 3)) {
    case 0:
      return toRiff("RIFF", [chunk("fmt ", toExtensible(format)), extra, chunk("data", data)]);
    case 1:
      return toRf64([chunk("fmt ", format), extra], data);
    case 2:
      return toRiff("RIFF", [chunk("fmt ", format), extra, chunk("data", data, OPEN_SIZE)], OPEN_SIZE);
    default:
      return toRiff("RIFF", [extra, chunk("fmt ", format), chunk("data", data), extra]);
  }
}

/** WAVE_FORMAT_EXTENSIBLE: 22 bytes more, which begin with the bits that count and end with the tag as a GUID. */
function toExtensible(format: Buffer): Buffer {
  const plain = Buffer.from(format.subarray(0, 16));
  const guid = Buffer.concat([plain.subarray(0, 2), Buffer.from("000000001000800000aa00389b71", "hex")]);
  const extension = Buffer.concat([uint16(22), plain.subarray(14, 16), Buffer.alloc(4), guid]);
  plain.writeUInt16LE(0xfffe, 0);
  return Buffer.concat([plain, extension]);
}

function toRf64(before: readonly Buffer[], data: Buffer): Buffer {
  const sizes = Buffer.alloc(28);
  const body = [...before, chunk("data", data, OPEN_SIZE)];
  const restBytes = 4 + 36 + body.reduce((sum, { length }) => sum + length, 0);
  sizes.writeBigUInt64LE(BigInt(restBytes), 0);
  sizes.writeBigUInt64LE(BigInt(data.length), 8);
  return toRiff("RF64", [chunk("ds64", sizes), ...body], OPEN_SIZE);
}

function toRiff(magic: string, chunks: readonly Buffer[], statedBytes?: number): Buffer {
  const body = Buffer.concat([Buffer.from("WAVE"), ...chunks]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(statedBytes ?? body.length);
  return Buffer.concat([Buffer.from(magic), size, body]);
}

/** Without the Info frame, with a tag or zeros before what is left. */
function remuxMp3(bytes: Buffer, random: SeededRandom): Buffer {
  const { frames } = readMpegFrames(bytes);
  const bare = bytes.subarray(frames[0]?.from ?? 0, frames.at(-1)?.to ?? 0);
  const before = random.pick([Buffer.alloc(0), id3v2(random.between(1, 2000)), Buffer.alloc(random.between(1, 500))]);
  return Buffer.concat([before, bare]);
}

/** Another serial, other page borders: as many pages as fit are joined into one. */
function remuxOpus(bytes: Buffer, random: SeededRandom): Buffer {
  const serial = random.between(0, 0xffffffff);
  const [head, tags, ...audio] = readOggPages(bytes);
  if (head === undefined || tags === undefined) throw new Error("no pages");
  const joined: (typeof audio)[number][] = [];
  for (const page of audio) {
    const last = joined.at(-1);
    const fits = last !== undefined && last.lacing.length + page.lacing.length <= 255;
    if (!fits || random.chance(0.3)) joined.push(page);
    else joined[joined.length - 1] = join(last, page);
  }
  return Buffer.concat([head, tags, ...joined].map((page, sequence) => toOggPage({ ...page, serial, sequence })));
}

type Page = ReturnType<typeof readOggPages>[number];

function join(one: Page, other: Page): Page {
  return {
    ...other,
    flags: (one.flags & 1) | (other.flags & 4),
    lacing: Buffer.concat([one.lacing, other.lacing]),
    body: Buffer.concat([one.body, other.body]),
  };
}

function uint16(value: number): Buffer {
  return Buffer.from([value & 0xff, value >>> 8]);
}
