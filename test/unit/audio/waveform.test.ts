import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeWav } from "../../helpers/make-wav.ts";
import { EMBEDDED, FFMPEGS } from "../../helpers/real-ffmpegs.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { noise } from "./bytes.ts";
import { frames, id3v2, mp3 } from "./mpeg-bytes.ts";
import { wav } from "./wav-bytes.ts";
import { RATE_HZ, STEPS, staircase, takeWaveform, toQuarters, toRows } from "./waveform-rows.ts";

const STAIRS = staircase();
const SILENCE = new Int16Array(STAIRS.length);
const DOWNSTAIRS = STAIRS.toReversed();
const HEIGHTS = STEPS.map(({ height }) => height);

async function encode(source: Buffer, args: readonly string[], program = EMBEDDED.path): Promise<Buffer> {
  const path = join(await makeTemporaryFolder(), "encoded");
  execFileSync(program, ["-v", "error", "-i", "-", ...args, path], { input: source });
  return readFileSync(path);
}

function expectHeights(row: readonly number[] | undefined, heights: readonly number[], tolerance: number): void {
  for (const [quarter, height] of toQuarters(row).entries()) {
    expect(Math.abs(height - (heights[quarter] ?? Number.NaN))).toBeLessThanOrEqual(tolerance);
  }
}

describe("the waveform of a WAV file", () => {
  const codecs = ["s16le", "s24le", "s32le", "f32le", "f64le", "alaw", "mulaw"];

  test.each(codecs)("shows how loud samples of %s are", async (codec) => {
    const bytes = await encode(makeWav([STAIRS]), ["-c:a", `pcm_${codec}`, "-f", "wav"]);
    const waveform = takeWaveform(bytes);
    expect(waveform).toMatchObject({ basis: "samples", channels: [expect.any(String)] });
    expect(toRows(waveform)[0]).toHaveLength(240);
    expectHeights(toRows(waveform)[0], HEIGHTS, 5);
  });

  test("is silent where samples are not, but constant", () => {
    const raised = STAIRS.map((sample) => sample / 2 + 12_000);
    expectHeights(
      toRows(takeWaveform(makeWav([raised])))[0],
      HEIGHTS.map((height) => height * Math.SQRT1_2),
      5,
    );
  });

  test("of eight bits shows all that they can hold", async () => {
    const bytes = await encode(makeWav([STAIRS]), ["-c:a", "pcm_u8", "-f", "wav"]);
    expectHeights(toRows(takeWaveform(bytes))[0], HEIGHTS, 6);
  });

  test("keeps two parties apart, and tells more of them together", () => {
    const [left, right] = toRows(takeWaveform(makeWav([STAIRS, DOWNSTAIRS])));
    expectHeights(left, HEIGHTS, 5);
    expectHeights(right, HEIGHTS.toReversed(), 5);
    const together = toRows(takeWaveform(makeWav([SILENCE, SILENCE, STAIRS])));
    expect(together).toHaveLength(1);
    expectHeights(together[0], HEIGHTS, 5);
  });

  test.each([8000, 11_025, 22_050, 44_100, 48_000])("hides no tone between the samples at %i Hz", (rateHz) => {
    for (const everyNth of [3, 7, 13, 19, 29, 41]) {
      const samples = Int16Array.from(
        { length: rateHz * 4 },
        (_, at) => 16_000 * Math.sin((2 * Math.PI * at) / everyNth),
      );
      const [row = []] = toRows(takeWaveform(makeWav([samples], rateHz)));
      expect(row.reduce((sum, height) => sum + height, 0) / row.length).toBeGreaterThan(140);
    }
  });

  test("goes by the samples that are there, whatever the header says", () => {
    const samples = Buffer.from(STAIRS.buffer);
    const truth = takeWaveform(wav(samples));
    for (const declaredBytes of [0, 0xffffffff]) {
      expect(takeWaveform(wav(samples, { declaredBytes, riffBytes: 0xffffffff }))).toEqual(truth);
    }
    const half = wav(samples).subarray(0, 44 + samples.length / 2);
    expectHeights(toRows(takeWaveform(half))[0], [0, 0, 25.5, 25.5], 5);
  });

  test("is undefined where there are no plain samples, or none at all", async () => {
    const adpcm = await encode(makeWav([STAIRS]), ["-c:a", "adpcm_ima_wav", "-f", "wav"]);
    const opus = await encode(makeWav([STAIRS]), ["-c:a", "libopus", "-f", "ogg"]);
    const lies = [wav(noise(40_000), { channels: 65_535, rateHz: 0xffffffff }), wav(noise(40_000), { channels: 0 })];
    for (const bytes of [adpcm, opus, ...lies, wav(Buffer.alloc(0)), Buffer.alloc(0), Buffer.from("no audio")]) {
      expect(takeWaveform(bytes)).toBeUndefined();
    }
  });
});

describe.each(FFMPEGS.map(({ version, path }) => ({ version, path })))(
  "the waveform of an MP3 by $version",
  ({ path }) => {
    const profiles = [
      ["the documented profile", ["-b:a", "64k"]],
      ["MPEG-1", ["-ar", "44100", "-b:a", "96k"]],
      ["MPEG-2.5", ["-ar", "8000", "-b:a", "32k"]],
      ["a variable rate", ["-q:a", "5"]],
    ] as const;

    test.each(profiles)("shows steps and silence in %s", async (_name, args) => {
      const bytes = await encode(makeWav([STAIRS]), ["-c:a", "libmp3lame", ...args, "-f", "mp3"], path);
      const waveform = takeWaveform(bytes);
      expect(waveform).toMatchObject({ basis: "coded-gain", channels: [expect.any(String)] });
      const [silent = 255, ...heights] = toQuarters(toRows(waveform)[0]);
      expect(silent).toBeLessThan(3);
      // Twice as high is four times, or 12 dB, as loud.
      for (const [step, height] of heights.entries()) {
        const ratio = height / (HEIGHTS[step + 1] ?? Number.NaN);
        expect(ratio).toBeGreaterThan(0.5);
        expect(ratio).toBeLessThan(2);
      }
    });

    test("keeps two parties apart", async () => {
      const [early, late] = [STAIRS.toReversed().fill(0, RATE_HZ * 6), STAIRS.slice().fill(0, 0, RATE_HZ * 6)];
      const bytes = await encode(makeWav([early, late]), ["-c:a", "libmp3lame", "-b:a", "64k", "-f", "mp3"], path);
      const [left = [], right = []] = toRows(takeWaveform(bytes)).map((row) => toQuarters(row));
      expect(left[0]).toBeGreaterThan(90);
      expect(right[3]).toBeGreaterThan(90);
      expect(Math.max(left[2] ?? 255, left[3] ?? 255, right[0] ?? 255, right[1] ?? 255)).toBeLessThan(3);
    });

    test("rises and falls with speech as its samples do", async () => {
      const speech = resolve(import.meta.dirname, "../../../fixtures/speech/support-desk.flac");
      const args = ["-ac", "1", "-ar", String(RATE_HZ), "-b:a", "64k", "-f", "mp3"];
      const coded = await encode(readFileSync(speech), args, path);
      const decoded = await encode(coded, ["-f", "wav"], path);
      const [estimated = []] = toRows(takeWaveform(coded));
      const [measured = []] = toRows(takeWaveform(decoded));
      expect(correlate(estimated, measured)).toBeGreaterThan(0.85);
    });
  },
);

describe("the waveform of an MP3", () => {
  test("shows two channels that say the same as two that are equal", async () => {
    const both = makeWav([STAIRS, STAIRS]);
    const bytes = await encode(both, ["-c:a", "libmp3lame", "-b:a", "64k", "-f", "mp3"]);
    const rows = toRows(takeWaveform(bytes));
    expect(rows).toHaveLength(2);
    expect(rows[0]).toEqual(rows[1]);
  });

  test("tells two channels together where it cannot be known whose sound it is", () => {
    // The mode of every frame says sum and difference; the random bytes of both are loud.
    const jointHeader = 0xfff38864;
    expect(takeWaveform(frames(200, jointHeader))?.channels).toHaveLength(1);
    const leftAndRight = 0xfff38804;
    expect(takeWaveform(frames(200, leftAndRight))?.channels).toHaveLength(2);
  });

  test("does not care for tags, and passes over junk", async () => {
    const bytes = await encode(makeWav([STAIRS]), ["-c:a", "libmp3lame", "-b:a", "64k", "-f", "mp3"]);
    const truth = toQuarters(toRows(takeWaveform(bytes))[0]);
    const damaged = Buffer.concat([
      id3v2(100_000),
      bytes.subarray(0, 40_000),
      Buffer.alloc(2000),
      bytes.subarray(40_000),
    ]);
    expectHeights(toRows(takeWaveform(damaged))[0], truth, 8);
  });
});

describe("any bytes", () => {
  const mp3s = mp3(300);
  const sources = [wav(noise(90_001), { channels: 2, bits: 24 }), wav(noise(150_000)), mp3s];
  const damaged = Buffer.concat([
    mp3s.subarray(0, 30_000),
    noise(50_000, 5),
    Buffer.from("ID3TAG"),
    mp3s.subarray(31_000),
  ]);

  test("give the same waveform however they are split", () => {
    const cuts = fc.array(fc.nat({ max: 200_000 }), { maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom(...sources, damaged, noise(100_000, 9)), cuts, (bytes, places) => {
        const split = takeWaveform(
          bytes,
          places.map((place) => place % (bytes.length + 1)),
        );
        expect(split).toEqual(takeWaveform(bytes));
      }),
      { numRuns: 60 },
    );
  });
});

/** Pearson's coefficient. */
function correlate(one: readonly number[], other: readonly number[]): number {
  const centred = [one, other].map((row) => {
    const mean = row.reduce((sum, height) => sum + height, 0) / row.length;
    return row.map((height) => height - mean);
  });
  const product = (a: readonly number[] = [], b: readonly number[] = []) =>
    a.reduce((sum, height, at) => sum + height * (b[at] ?? 0), 0);
  const [a, b] = centred;
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}
