import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import installer from "@ffmpeg-installer/ffmpeg";
import { describe, expect, test } from "vitest";
import { type ProfileChoice, toProfile } from "../../../src/core/profile.ts";
import { probeFfmpeg } from "../../../src/ffmpeg/probe.ts";
import { deepCheck } from "../../../src/transcode/deep-check.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const FORMATS = {
  wav: ["wav", "-c:a", "pcm_s16le"],
  mp3: ["mp3", "-c:a", "libmp3lame"],
  opus: ["ogg", "-c:a", "libopus", "-vbr", "off"],
} as const;
const RATE_HZ = 16_000;
const MIX = "pan=mono|c0=0.5*c0+0.5*c1";

function runFfmpeg(args: readonly string[], input?: Buffer): Buffer {
  return execFileSync(installer.path, ["-v", "error", ...args], { input, maxBuffer: 1 << 28 });
}

/** Ten seconds of a call as interleaved 16-bit samples: the agent on the left, the caller on the right. */
function readSpeech(name: "order" | "appointment", channels = 2): Buffer {
  const path = resolve(import.meta.dirname, `../../../fixtures/speech/${name}.flac`);
  return runFfmpeg(["-i", path, "-t", "10", "-ac", String(channels), "-ar", String(RATE_HZ), "-f", "s16le", "-"]);
}

interface Conversion {
  readonly source: Buffer;
  readonly sourceChannels?: number;
  readonly format: keyof typeof FORMATS;
  readonly choice?: ProfileChoice;
  readonly channelMix?: string;
  /** What happens to the samples on the way. */
  readonly harm?: (samples: Buffer) => Buffer;
  /** What a harmful conversion does instead of the mix. */
  readonly wrongMix?: string;
}

/** Converts samples and checks the output deeply against them. */
async function convertAndCheck(conversion: Conversion): Promise<readonly string[]> {
  const { source, sourceChannels = 2, format, choice, channelMix, harm, wrongMix } = conversion;
  const folder = await makeTemporaryFolder();
  const profile = toProfile(format, { channels: 2, ...choice });
  const [container, ...codec] = FORMATS[format];
  const raw = ["-f", "s16le", "-ar", String(RATE_HZ), "-ac", String(sourceChannels), "-i", "-"];
  const paths = { source: join(folder, "source.wav"), output: join(folder, "output") };
  runFfmpeg([...raw, paths.source], source);
  const mix = wrongMix ?? channelMix;
  runFfmpeg(
    [
      ...[...raw, ...(mix === undefined ? [] : ["-af", mix]), "-ar", String(profile.sampleRateHz)],
      ...[...codec, "-b:a", `${profile.bitrateKbps}k`, "-f", container, paths.output],
    ],
    harm === undefined ? source : harm(source),
  );
  return deepCheck(
    {
      ffmpeg: await probeFfmpeg(installer.path, "embedded"),
      source: { path: paths.source, demuxer: "wav", channels: sourceChannels, channelMix },
      output: { path: paths.output, demuxer: container },
      profile,
    },
    { signal: undefined, timeoutMs: 60_000, confinement: undefined },
  );
}

const STEREO_BYTES_PER_SECOND = RATE_HZ * 4;

/** Changes each sample, given which channel it is in. */
function mapSamples(samples: Buffer, change: (sample: number, channel: number) => number): Buffer {
  const changed = Buffer.alloc(samples.length);
  for (let at = 0; at < samples.length; at += 2) {
    changed.writeInt16LE(Math.round(change(samples.readInt16LE(at), (at / 2) % 2)), at);
  }
  return changed;
}

/** Puts silence in front, and cuts off as much behind. */
function delay(samples: Buffer, seconds: number): Buffer {
  const bytes = Math.round(seconds * RATE_HZ) * 4;
  return Buffer.concat([Buffer.alloc(bytes), samples.subarray(0, samples.length - bytes)]);
}

function swap(samples: Buffer): Buffer {
  return Buffer.from(samples).swap32().swap16();
}

/** Replaces one second in the midst of speech. */
function replaceSecond(samples: Buffer, second: Buffer): Buffer {
  const start = 6 * STEREO_BYTES_PER_SECOND;
  return Buffer.concat([samples.subarray(0, start), second, samples.subarray(start + STEREO_BYTES_PER_SECOND)]);
}

describe("what is a faithful conversion passes", () => {
  test.each([
    ["wav", {}],
    ["mp3", {}],
    ["mp3", { bitrateKbps: 16, sampleRateHz: 8000 }],
    ["opus", {}],
    ["opus", { sampleRateHz: 48_000 }],
  ] as const)("%s in two channels, %o", async (format, choice) => {
    expect(await convertAndCheck({ source: readSpeech("order"), format, choice })).toEqual([]);
  });

  test.each([
    ["opus", { bitrateKbps: 6 }],
    ["mp3", { bitrateKbps: 8 }],
    ["mp3", { bitrateKbps: 8, sampleRateHz: 8000 }],
  ] as const)("%s with very few bits, mixed to one channel, %o", async (format, choice) => {
    const source = readSpeech("order");
    expect(await convertAndCheck({ source, format, choice: { ...choice, channels: 1 }, channelMix: MIX })).toEqual([]);
  });

  test("one channel taken out of two", async () => {
    const conversion = { source: readSpeech("order"), format: "mp3", choice: { channels: 1 } } as const;
    expect(await convertAndCheck({ ...conversion, channelMix: "pan=mono|c0=c1" })).toEqual([]);
  });

  test("one channel made two", async () => {
    const source = readSpeech("order", 1);
    const channelMix = "pan=stereo|c0=c0|c1=c0";
    expect(await convertAndCheck({ source, sourceChannels: 1, format: "opus", channelMix })).toEqual([]);
  });

  test("silence", async () => {
    expect(await convertAndCheck({ source: Buffer.alloc(STEREO_BYTES_PER_SECOND * 2), format: "opus" })).toEqual([]);
  });

  test.each([4, 1600, 24_000])("%i samples", async (samples) => {
    const source = readSpeech("order")
      .subarray(STEREO_BYTES_PER_SECOND)
      .subarray(0, samples * 4);
    for (const format of ["wav", "mp3", "opus"] as const) expect(await convertAndCheck({ source, format })).toEqual([]);
  });
});

describe.each(["wav", "mp3", "opus"] as const)("what is found in %s", (format) => {
  const source = readSpeech("order");
  const harms: readonly (readonly [string, (samples: Buffer) => Buffer, RegExp])[] = [
    [
      "a channel that is silent",
      (it) => mapSamples(it, (sample, channel) => (channel === 1 ? 0 : sample)),
      /^channel 2 is (silent|\d\d\.\d dB quieter)/,
    ],
    ["channels that are swapped", swap, /^the channels are swapped$/],
    ["another recording of the same length", () => readSpeech("appointment"), /^channel 1/],
    ["a delay of 0.1 seconds", (it) => delay(it, 0.1), /^the sound is 0\.(08|1\d) seconds late$/],
    ["a delay of 0.25 seconds", (it) => delay(it, 0.25), /^the sound is 0\.2\d seconds late$/],
    [
      "a start that is cut off, with silence added at the end",
      (it) => Buffer.concat([it.subarray(16_000), Buffer.alloc(16_000)]),
      /^the sound is 0\.2\d seconds early$/,
    ],
    [
      "a second of silence",
      (it) => replaceSecond(it, Buffer.alloc(STEREO_BYTES_PER_SECOND)),
      /in the second after [56]\.\d seconds/,
    ],
    [
      "a second that is there twice",
      (it) => replaceSecond(it, it.subarray(5 * STEREO_BYTES_PER_SECOND, 6 * STEREO_BYTES_PER_SECOND)),
      /in the second after [56]\.\d seconds/,
    ],
    ["3 dB less", (it) => mapSamples(it, (sample) => sample * 0.7), /^channel 1 is 3\.\d dB quieter than the source$/],
    [
      "an end that is missing",
      (it) => it.subarray(0, 9.9 * STEREO_BYTES_PER_SECOND),
      /^9\.90 seconds can be decoded instead of 10\.00$/,
    ],
  ];
  test.each(harms)("%s", async (_, harm, phrase) => {
    expect((await convertAndCheck({ source, format, harm })).join("\n")).toMatch(new RegExp(phrase, "m"));
  });
});

describe("mixing", () => {
  const mixed = { format: "opus", choice: { channels: 1 }, channelMix: MIX } as const;

  test("channels that cancel each other out are found, though the output is as silent as the mix", async () => {
    const left = readSpeech("order", 1);
    const source = Buffer.alloc(left.length * 2);
    for (let at = 0; at < left.length; at += 2) {
      const sample = Math.max(-32_767, left.readInt16LE(at));
      source.writeInt16LE(sample, at * 2);
      source.writeInt16LE(-sample, at * 2 + 2);
    }
    const problems = await convertAndCheck({ ...mixed, source });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^the channels of the source cancel each other out in the second after \d/);
  });

  test.each(["pan=mono|c0=c0", "pan=mono|c0=c1", "pan=mono|c0=c0+c1"])("%s in its place is found", async (wrongMix) => {
    expect(await convertAndCheck({ ...mixed, source: readSpeech("order"), wrongMix })).not.toEqual([]);
  });
});
