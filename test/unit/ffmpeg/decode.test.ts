import { join, resolve } from "node:path";
import installer from "@ffmpeg-installer/ffmpeg";
import { expect, test } from "vitest";
import { decode, toDecodeArguments } from "../../../src/ffmpeg/decode.ts";
import { FfmpegFailedError } from "../../../src/ffmpeg/errors.ts";
import { probeFfmpeg } from "../../../src/ffmpeg/probe.ts";
import { openFakeFfmpeg } from "../../helpers/fake-ffmpeg.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const SPEECH = resolve(import.meta.dirname, "../../../fixtures/speech/order.flac");
const PLENTY_MS = 60_000;

test("the demuxer is forced, no other file can be opened, and the first audio stream alone is decoded", () => {
  const request = { path: "/a/b.ogg", demuxer: "ogg", sampleRateHz: 8000, filter: undefined } as const;
  expect(toDecodeArguments(request)).toEqual([
    ...["-protocol_whitelist", "file", "-format_whitelist", "ogg", "-f", "ogg", "-i", "file:/a/b.ogg"],
    ...["-map", "0:a:0", "-af", "aresample=8000,asetpts=N", "-c:a", "pcm_s16le", "-f", "s16le", "pipe:1"],
  ]);
  expect(toDecodeArguments({ ...request, filter: "pan=mono|c0=c1" })).toContain(
    "aresample=8000,pan=mono|c0=c1,asetpts=N",
  );
});

test("all samples come, at the rate that was asked for", async () => {
  const ffmpeg = await probeFfmpeg(installer.path, "embedded");
  let bytes = 0;
  const request = { path: SPEECH, demuxer: "flac", sampleRateHz: 8000, filter: "pan=mono|c0=c0" } as const;
  await decode(ffmpeg, request, { timeoutMs: PLENTY_MS, onSamples: (chunk) => (bytes += chunk.length) });
  // 370,823 samples at 16 kHz, as ffprobe says.
  expect(bytes / 2).toBe(185_412);
});

test("a file that is not there is a failure", async () => {
  const ffmpeg = await probeFfmpeg(installer.path, "embedded");
  const path = join(await makeTemporaryFolder(), "none.wav");
  const request = { path, demuxer: "wav", sampleRateHz: 8000, filter: undefined } as const;
  const decoding = decode(ffmpeg, request, { timeoutMs: PLENTY_MS, onSamples: () => {} });
  await expect(decoding).rejects.toBeInstanceOf(FfmpegFailedError);
});

test("a complaint beside status 0 is a failure", async () => {
  const { ffmpeg } = await openFakeFfmpeg("printf abcd; echo 'invalid data' >&2");
  const request = { path: SPEECH, demuxer: "flac", sampleRateHz: 8000, filter: undefined } as const;
  const decoding = decode(ffmpeg, request, { timeoutMs: PLENTY_MS, onSamples: () => {} });
  await expect(decoding).rejects.toThrow(/invalid data/);
});
