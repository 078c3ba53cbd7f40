import type { SeededRandom } from "../../src/sandbox/seeded-random.ts";
import { apev2, id3v1, id3v2 } from "../unit/audio/mpeg-bytes.ts";
import { chunk } from "../unit/audio/wav-bytes.ts";
import type { Sample } from "./make-damage.ts";
import { readOggPages, toLacing, toOggPage } from "./ogg-pages.ts";

/** Writes other tags into a file, and leaves all else as it is. */
export function retag({ format, bytes }: Sample, random: SeededRandom): Buffer {
  return { wav: retagWav, mp3: retagMp3, opus: retagOpus }[format](bytes, random);
}

function retagWav(bytes: Buffer, random: SeededRandom): Buffer {
  const text = chunk("INAM", Buffer.from(`${random.hex(random.between(1, 60))}\0`));
  const list = chunk("LIST", Buffer.concat([Buffer.from("INFO"), text]));
  const at = random.chance(0.5) ? bytes.length : bytes.indexOf("fmt ");
  const tagged = Buffer.concat([bytes.subarray(0, at), list, bytes.subarray(at)]);
  tagged.writeUInt32LE(tagged.length - 8, 4);
  return tagged;
}

function retagMp3(bytes: Buffer, random: SeededRandom): Buffer {
  const hasOwn = bytes.toString("latin1", 0, 3) === "ID3";
  const framesAt = hasOwn ? bytes.indexOf(0xff, 10) : 0;
  const isAlone = random.chance(0.3);
  const parts = [
    ...(random.chance(0.7) || isAlone ? [id3v2(random.between(1, 3000))] : []),
    bytes.subarray(framesAt),
    ...(random.chance(0.5) && !isAlone ? [apev2(random.between(1, 900))] : []),
    ...(random.chance(0.7) && !isAlone ? [id3v1(random.hex(20))] : []),
  ];
  return Buffer.concat(parts);
}

function retagOpus(bytes: Buffer, random: SeededRandom): Buffer {
  const [, tags, first] = readOggPages(bytes);
  if (tags === undefined || first === undefined) throw new Error("no pages");
  const vendor = random.hex(random.between(1, 40));
  const comment = `TITLE=${random.hex(random.between(1, 4000))}`;
  const body = Buffer.concat([Buffer.from("OpusTags"), sized(vendor), uint32(1), sized(comment)]);
  const page = toOggPage({ ...tags, lacing: toLacing(body.length), body });
  return Buffer.concat([bytes.subarray(0, tags.from), page, bytes.subarray(first.from)]);
}

function sized(text: string): Buffer {
  return Buffer.concat([uint32(text.length), Buffer.from(text)]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
