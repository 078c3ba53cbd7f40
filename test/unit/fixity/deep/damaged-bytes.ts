import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import type { Ffmpeg } from "../../../../src/ffmpeg/ffmpeg.ts";
import { readOggPages, toOggPage } from "../../../damage/ogg-pages.ts";

const SPEECH = resolve(import.meta.dirname, "../../../../fixtures/speech/order.flac");

/** Encodes speech of 23 s, with nothing around the frames of an MP3. */
export function encode({ path }: Ffmpeg, encoder: readonly string[], ending: "mp3" | "wav"): Buffer {
  const bare = ["-map_metadata", "-1", "-id3v2_version", "0"];
  const args = ["-v", "error", "-i", SPEECH, "-ac", "1", ...encoder, ...(ending === "mp3" ? bare : [])];
  return execFileSync(path, [...args, "-f", ending, "pipe:1"], { maxBuffer: 1 << 26 });
}

/** Where bytes are overwritten, and with what. */
export interface Overwriting {
  readonly from: number;
  readonly byte: number;
  readonly length: number;
}

/** Gives a copy in which some bytes are others. */
export function overwrite(whole: Buffer, { from, byte, length }: Overwriting): Buffer {
  return Buffer.from(whole).fill(byte, from, from + length);
}

/** Overwrites what stands behind the headers of three MPEG frames, which says where their audio lies. */
export function damageSideInfo(whole: Buffer): Buffer {
  const damaged = Buffer.from(whole);
  const sync = whole.readUInt16BE(0);
  for (let at = 5000, done = 0; done < 3; at += 1) {
    if (damaged.readUInt16BE(at) !== sync) continue;
    damaged.fill(0xff, at + 4, at + 12);
    [at, done] = [at + 1000, done + 1];
  }
  return damaged;
}

/**
 * Makes packets of one page claim that they are two frames of equal length, which their odd number of bytes denies, and
 * mends the page's checksum.
 *
 * @see RFC 6716 section 3.2.3, requirement R3
 */
export function damageOpusPackets(whole: Buffer): Buffer {
  const pages = readOggPages(whole);
  const damaged = pages.map((page, index) => {
    const body = Buffer.from(page.body);
    let at = 0;
    let packetAt = 0;
    for (const lace of index === 3 ? page.lacing : []) {
      at += lace;
      if (lace === 255) continue;
      if ((at - packetAt) % 2 === 0) body.writeUInt8((body.readUInt8(packetAt) & 0xfc) | 1, packetAt);
      packetAt = at;
    }
    return toOggPage({ ...page, body });
  });
  return Buffer.concat(damaged);
}
