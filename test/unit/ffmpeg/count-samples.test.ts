import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { countSamples, toCountArguments } from "../../../src/ffmpeg/count-samples.ts";
import { FfmpegFailedError } from "../../../src/ffmpeg/errors.ts";
import { countSamples as countByWriting } from "../../helpers/count-samples.ts";
import { FFMPEGS } from "../../helpers/real-ffmpegs.ts";

const FOLDER = resolve(import.meta.dirname, "../../../fixtures/audio");
const PLENTY_MS = 60_000;

const FILES = [
  { path: join(FOLDER, "ok/mp3-64k-16000.mp3"), demuxer: "mp3" },
  { path: join(FOLDER, "ok/opus-16k-8000.opus"), demuxer: "ogg" },
  { path: join(FOLDER, "ok/wav-256k-8000-2ch.wav"), demuxer: "wav" },
  { path: join(FOLDER, "../speech/order.flac"), demuxer: "flac" },
  { path: join(FOLDER, "ok/opus-32k-48000.opus"), demuxer: "ogg" },
  { path: join(FOLDER, "ok/mp3-32k-8000.mp3"), demuxer: "mp3" },
] as const;

test("every demuxer is forced, no other file can be opened, and nothing is resampled or written", () => {
  const args = toCountArguments([
    { path: "/a/b.ogg", demuxer: "ogg" },
    { path: "/a/c", demuxer: "wav" },
  ]);
  expect(args).toEqual([
    ...["-protocol_whitelist", "file", "-format_whitelist", "ogg", "-f", "ogg", "-i", "file:/a/b.ogg"],
    ...["-protocol_whitelist", "file", "-format_whitelist", "wav", "-f", "wav", "-i", "file:/a/c"],
    ...["-map", "0:a:0", "-map", "1:a:0", "-af", "asetnsamples=n=65536:p=0,asettb=1/sr,asetpts=N"],
    ...["-c:a", "pcm_s16le", "-f", "framecrc", "pipe:1"],
  ]);
});

describe.each(FFMPEGS)("ffmpeg $version", (ffmpeg) => {
  test("what is counted side by side is what comes out of each when it is written", async () => {
    const counts = await countSamples(ffmpeg, FILES, { timeoutMs: PLENTY_MS });
    const written = await Promise.all(FILES.map(({ path }) => countByWriting(path)));
    expect(counts).toEqual(written.map(({ samples, rateHz }) => ({ samples, sampleRateHz: rateHz })));
  });

  test("one file that cannot be read makes the run fail", async () => {
    const files = [...FILES, { path: join(FOLDER, "damaged/html.wav"), demuxer: "wav" } as const];
    const counting = countSamples(ffmpeg, files, { timeoutMs: PLENTY_MS });
    await expect(counting).rejects.toBeInstanceOf(FfmpegFailedError);
  });
});
