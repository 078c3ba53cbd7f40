import { execFile } from "node:child_process";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import installer from "@ffmpeg-installer/ffmpeg";
import { crc16 } from "../src/audio/crc16.ts";
import { readMpegFrames } from "../test/damage/mpeg-frames.ts";
import { readOggPages, toOggPage } from "../test/damage/ogg-pages.ts";
import { repositoryPath } from "./harness/repository.ts";

const run = promisify(execFile);

/** The formats that are measured, each as the vendor writes it. */
export const FORMATS = {
  wav: "-ac 1 -ar 16000 -c:a pcm_s16le",
  mp3: "-ac 1 -ar 16000 -c:a libmp3lame -b:a 64k -id3v2_version 0",
  opus: "-ac 1 -ar 16000 -c:a libopus -b:a 32k -vbr off",
} as const;
export type Format = keyof typeof FORMATS;

/**
 * Writes a recording of so many bytes, or a little more: encoded speech again and again, with headers, counts, clocks
 * and checksums as if it had been encoded in one piece. The same bytes every time, with one build of ffmpeg.
 */
export async function writeLongRecording(path: string, format: Format, sizeBytes: number): Promise<void> {
  const file = await open(path, "w");
  try {
    const speech = await encodeSpeech(join(`${path}.speech.${format}`), format);
    const parts = { wav: toLongWav, mp3: toLongMp3, opus: toLongOpus }[format](speech, sizeBytes);
    for (const part of parts) await file.write(part);
  } finally {
    await file.close();
  }
}

/** Joins the three dialogues of the fixtures. */
async function encodeSpeech(path: string, format: Format): Promise<Buffer> {
  const speech = ["appointment", "order", "support-desk"].map((name) => repositoryPath(`fixtures/speech/${name}.flac`));
  const inputs = speech.flatMap((one) => ["-i", one]);
  const exact = "-map_metadata -1 -fflags +bitexact -flags:a +bitexact".split(" ");
  const args = [...inputs, "-filter_complex", "concat=n=3:v=0:a=1", ...exact, ...FORMATS[format].split(" "), path];
  await run(installer.path, ["-nostdin", "-v", "error", ...args]);
  const file = await open(path, "r");
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function* toLongWav(speech: Buffer, sizeBytes: number): Generator<Buffer> {
  const [head, data] = [Buffer.from(speech.subarray(0, 44)), speech.subarray(44)];
  const times = Math.ceil(sizeBytes / data.length);
  head.writeUInt32LE(36 + data.length * times, 4);
  head.writeUInt32LE(data.length * times, 40);
  yield head;
  for (let time = 0; time < times; time += 1) yield data;
}

/** The Info frame counts what follows, and holds a checksum of it and one of itself. */
function* toLongMp3(speech: Buffer, sizeBytes: number): Generator<Buffer> {
  const from = readMpegFrames(speech).frames[0]?.from ?? 0;
  const [info, audio] = [Buffer.from(speech.subarray(0, from)), speech.subarray(from)];
  const times = Math.ceil(sizeBytes / audio.length);
  const infoAt = info.indexOf("Info");
  info.writeUInt32BE(info.readUInt32BE(infoAt + 8) * times, infoAt + 8);
  info.writeUInt32BE(info.length + audio.length * times, infoAt + 12);
  let crc = 0;
  for (let time = 0; time < times; time += 1) crc = crc16(audio, { from: 0, to: audio.length, seed: crc });
  const tagCrcAt = infoAt + 120 + 34;
  info.writeUInt16BE(crc, tagCrcAt - 2);
  info.writeUInt16BE(crc16(info, { from: 0, to: tagCrcAt, seed: 0 }), tagCrcAt);
  yield info;
  for (let time = 0; time < times; time += 1) yield audio;
}

/** The last page of the speech, which is shorter, ends the whole; each other one gets its own number and clock. */
function* toLongOpus(speech: Buffer, sizeBytes: number): Generator<Buffer> {
  const [head, tags, ...audio] = readOggPages(speech);
  const last = audio.pop();
  if (head === undefined || tags === undefined || last === undefined) throw new Error("internal error: no pages");
  const runGranule = audio.at(-1)?.granule ?? 0n;
  const times = Math.ceil(sizeBytes / audio.reduce((sum, { from, to }) => sum + to - from, 0));
  let sequence = 2;
  yield toOggPage(head);
  yield toOggPage(tags);
  for (let time = 0; time < times; time += 1) {
    for (const page of audio) {
      yield toOggPage({ ...page, sequence, granule: page.granule + BigInt(time) * runGranule });
      sequence += 1;
    }
  }
  yield toOggPage({ ...last, sequence, granule: last.granule + BigInt(times - 1) * runGranule });
}
