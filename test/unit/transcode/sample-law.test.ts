import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RunReport } from "../../../src/core/report.ts";
import type { ConvertResult } from "../../../src/transcode/convert-result.ts";
import { convertFiles } from "../../helpers/convert-files.ts";
import { countSamples } from "../../helpers/count-samples.ts";
import { makeWav, tone } from "../../helpers/make-wav.ts";
import { FFMPEGS } from "../../helpers/real-ffmpegs.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const FORMATS = ["mp3", "wav", "opus"] as const;

/** Writes a tone of each length, in samples. */
async function writeTones(
  folder: string,
  lengths: readonly number[],
  sampleRateHz: number,
): Promise<readonly string[]> {
  const paths = lengths.map((samples) => join(folder, `${samples}.wav`));
  await Promise.all(
    lengths.map((samples, at) => writeFile(paths[at] ?? "", makeWav([tone(samples, 40)], sampleRateHz))),
  );
  return paths;
}

/** An output's format, its source's length, and the difference. */
type Surplus = readonly ["mp3" | "wav" | "opus", number, number];

/** By how many samples of the target's rate each output differs from its source, by ffmpeg's own decode. */
async function surplusOf({ results }: RunReport<ConvertResult>): Promise<readonly Surplus[]> {
  const surplus: Surplus[] = [];
  for (const { source, output } of results) {
    const length = Number(/(\d+)\.wav$/.exec(source.path)?.[1]);
    const { samples, rateHz } = await countSamples(output.path);
    surplus.push([output.format as "mp3", length, samples - (length * rateHz) / (source.sampleRateHz ?? 0)]);
  }
  return surplus;
}

describe.each(FFMPEGS)("ffmpeg $version", (ffmpeg) => {
  test.each([16000, 44100, 8000, 48000])("the shortest recordings, at %d Hz, to all formats", async (sampleRateHz) => {
    const folder = await makeTemporaryFolder();
    const inputs = await writeTones(folder, [1, 4, 100, 255, 256], sampleRateHz);
    const outFolder = join(folder, "o");
    const report = await convertFiles(inputs, { ffmpeg, outFolder, formats: FORMATS, choice: { cbr: true } });
    expect([report.outcome, report.failures]).toEqual(["ok", []]);
    for (const [name, length, surplus] of await surplusOf(report)) {
      // What is not even one sample of the target is one; LAME gives 47 at least, and the decoder of 2018 may skip nothing.
      const least = { mp3: 47, wav: 1, opus: 315 }[name];
      expect(surplus, `${length} samples as ${name}`).toBeGreaterThanOrEqual(name === "opus" ? -3 : -1);
      expect(surplus, `${length} samples as ${name}`).toBeLessThanOrEqual(least);
    }
  });

  // LAME ends with two frames of padding, and the file can say of the last one alone that it is not to be played.
  test("an MP3 is as long as its source, or by up to 46 samples longer where its frames end so", async () => {
    const folder = await makeTemporaryFolder();
    const lengths = [1, 46, 47, 48, 575, 576, 577, 600, 622, 623, 624, 1151, 1152, 1153, 1198, 1199];
    const inputs = await writeTones(folder, lengths, 16000);
    const report = await convertFiles(inputs, { ffmpeg, outFolder: join(folder, "o"), formats: ["mp3"] });
    expect([report.outcome, report.failures]).toEqual(["ok", []]);
    for (const [, length, surplus] of await surplusOf(report)) {
      const beyond = length % 576;
      expect([length, surplus]).toEqual([length, beyond === 0 ? 0 : Math.max(0, 47 - beyond)]);
    }
  });

  test("a WAV is as long as its source to the sample", async () => {
    const folder = await makeTemporaryFolder();
    const inputs = await writeTones(folder, [257, 1000, 7919], 16000);
    const choice = { channels: 2 } as const;
    const report = await convertFiles(inputs, { ffmpeg, outFolder: join(folder, "o"), formats: ["wav"], choice });
    expect((await surplusOf(report)).map(([, , surplus]) => surplus)).toEqual([0, 0, 0]);
  });
});
