import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { convertFiles } from "../../helpers/convert-files.ts";
import { countSamples } from "../../helpers/count-samples.ts";
import { listTree, withRecords } from "../../helpers/list-tree.ts";
import { EMBEDDED, FFMPEGS } from "../../helpers/real-ffmpegs.ts";
import { readFixture } from "../../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { gsm } from "../audio/speech-bytes.ts";

const FORMATS = ["mp3", "wav", "opus"] as const;
const OK = join(import.meta.dirname, "../../../fixtures/audio/ok");
const DAMAGED = join(import.meta.dirname, "../../../fixtures/audio/damaged");

/** How much longer an output may be: 47 samples for what LAME adds, and the delay that the build of 2018 miscounts in Opus. */
const SURPLUS = { mp3: 47, wav: 1, opus: 313 };

/** Bytes that are neither audio nor text. */
const junk = (sizeBytes: number) => Buffer.alloc(sizeBytes, Buffer.from([1, 0x80, 3, 0x7f]));

/** Writes speech in a format that the embedded ffmpeg encodes. */
async function encodeSpeech(folder: string, name: string, args: readonly string[]): Promise<string> {
  const path = join(folder, name);
  execFileSync(EMBEDDED.path, ["-v", "error", "-i", join(OK, "wav-256k-16000.wav"), ...args, path]);
  return path;
}

/** Each output has as many samples as its source, by ffmpeg's own count of both. */
async function expectLengths(results: Awaited<ReturnType<typeof convertFiles>>["results"]): Promise<void> {
  for (const { source, output } of results) {
    const [before, after] = [await countSamples(source.path), await countSamples(output.path)];
    const surplus = after.samples - (before.samples * after.rateHz) / before.rateHz;
    expect(surplus, output.path).toBeGreaterThanOrEqual(-after.rateHz / 16000);
    expect(surplus, output.path).toBeLessThanOrEqual(SURPLUS[output.format as keyof typeof SURPLUS]);
  }
}

describe.each(FFMPEGS)("ffmpeg $version converts what archives hold", (ffmpeg) => {
  test.each([
    ["x.flac", ["-c:a", "flac"], []],
    ["x.g722", ["-c:a", "g722", "-f", "g722"], [/adpcm_g722/]],
    ["x.amr", ["-c:a", "libopencore_amrnb", "-ar", "8000", "-b:a", "12.2k", "-f", "amr"], [/amr_nb/, /upsampled/]],
    ["wide.amr", ["-c:a", "libvo_amrwbenc", "-b:a", "23.85k", "-f", "amr"], [/amr_wb/]],
    ["x.alaw.wav", ["-c:a", "pcm_alaw", "-ar", "8000"], [/pcm_alaw/, /upsampled/]],
    ["x.24.wav", ["-c:a", "pcm_s24le"], []],
    ["x.adpcm.wav", ["-c:a", "adpcm_ima_wav"], [/adpcm_ima_wav/]],
  ] as const)("%s", async (name, args, remarks) => {
    const folder = await makeTemporaryFolder();
    const input = await encodeSpeech(folder, name, args);
    const report = await convertFiles([input], { ffmpeg, outFolder: join(folder, "o"), formats: FORMATS });
    expect([report.outcome, report.failures, report.results.length]).toEqual(["ok", [], 3]);
    for (const result of report.results) {
      expect(result.remarks ?? []).toEqual(remarks.map((remark) => expect.stringMatching(remark)));
    }
    await expectLengths(report.results);
  });

  test("GSM as a telephone wrote it", async () => {
    const folder = await makeTemporaryFolder();
    const input = join(folder, "x.gsm");
    await writeFile(input, gsm(200));
    const report = await convertFiles([input], { ffmpeg, outFolder: join(folder, "o"), formats: FORMATS });
    expect([report.outcome, report.failures]).toEqual(["ok", []]);
    await expectLengths(report.results);
  });

  test.each([
    ["before it", (mp3: Buffer) => Buffer.concat([junk(3000), mp3])],
    ["behind it", (mp3: Buffer) => Buffer.concat([mp3, junk(3000)])],
    ["on both sides", (mp3: Buffer) => Buffer.concat([junk(200_000), mp3, junk(999)])],
  ])("an MP3 with bytes that are no audio %s: the same samples as without them", async (_, spoil) => {
    const folder = await makeTemporaryFolder();
    const mp3 = await readFixture("mp3-64k-16000.mp3");
    await writeFile(join(folder, "clean.mp3"), mp3);
    await writeFile(join(folder, "spoilt.mp3"), spoil(mp3));
    const inputs = ["clean.mp3", "spoilt.mp3"].map((name) => join(folder, name));
    const report = await convertFiles(inputs, { ffmpeg, outFolder: join(folder, "o"), formats: ["wav"] });
    expect(report.failures).toEqual([]);
    const spoilt = report.results.find(({ source }) => source.path.endsWith("spoilt.mp3"));
    expect(spoilt?.remarks).toContainEqual(expect.stringMatching(/^ffmpeg was given the bytes from \d+ to before \d+/));
    const [a, b] = await Promise.all(["clean.wav", "spoilt.wav"].map((name) => readFile(join(folder, "o", name))));
    expect(a?.equals(b as Buffer)).toBe(true);
    expect((await listTree(join(folder, "o"))).filter((path) => path.endsWith(".part"))).toEqual([]);
  });

  test.each([
    [FORMATS, 16000],
    [["opus"], 48000],
  ] as const)(
    "an Opus file that has lost pages, to %s at %d Hz: what is there, one behind the other",
    async (formats, sampleRateHz) => {
      const folder = await makeTemporaryFolder();
      const input = join(folder, "lost.opus");
      await writeFile(input, withoutPages(await readFixture("opus-32k-48000.opus"), 3, 2));
      const report = await convertFiles([input], {
        ffmpeg,
        outFolder: join(folder, "o"),
        formats,
        choice: { sampleRateHz, cbr: true },
      });
      expect([report.outcome, report.failures]).toEqual(["findings", []]);
      expect(report.results.map(({ status }) => status)).toEqual(formats.map(() => "encoded"));
      for (const { source, output } of report.results) {
        const { samples, rateHz } = await countSamples(output.path);
        expect(Math.abs(samples / rateHz - (source.durationSeconds ?? 0))).toBeLessThan(0.01);
      }
    },
  );
});

/** Takes pages out of an Ogg file. */
function withoutPages(ogg: Buffer, first: number, count: number): Buffer {
  const starts: number[] = [];
  for (let at = ogg.indexOf("OggS"); at >= 0; at = ogg.indexOf("OggS", at + 4)) starts.push(at);
  const [from, to] = [starts[first], starts[first + count]];
  if (from === undefined || to === undefined) throw new Error(`only ${starts.length} pages`);
  return Buffer.concat([ogg.subarray(0, from), ogg.subarray(to)]);
}

test("raw G.722 under another name is no recording", async () => {
  const folder = await makeTemporaryFolder();
  const input = await encodeSpeech(folder, "x.bin", ["-c:a", "g722", "-f", "g722"]);
  const report = await convertFiles([input], { outFolder: join(folder, "o"), formats: ["wav"] });
  expect(report.failures).toMatchObject([{ code: "MEDIA_NOT_AUDIO" }]);
});

test.each(FFMPEGS)(
  "all that is damaged is refused, fails, or is converted with findings, by ffmpeg $version",
  async (ffmpeg) => {
    const folder = await makeTemporaryFolder();
    const report = await convertFiles([DAMAGED], { ffmpeg, outFolder: join(folder, "o"), formats: FORMATS });
    const statuses = report.results.map(({ source, status }) => [basename(source.path), status] as const);
    expect(Object.fromEntries(statuses.toSorted())).toEqual({
      "cut.mp3": "encoded",
      "cut.opus": "encoded",
      "cut.wav": "encoded",
      "empty.mp3": "refused",
      "ffconcat.wav": "refused",
      // One ffmpeg complains of what the other decodes, although its checksums do not fit.
      "flipped.opus": "failed",
      "hls.mp3": "refused",
      "html.wav": "refused",
      "json-error.mp3": "refused",
      "leading-garbage.mp3": "encoded",
      "trailing-garbage.wav": "encoded",
    });
    expect([report.outcome, report.results.length]).toEqual(["findings", statuses.length]);
    const made = report.results.filter(({ status }) => status === "encoded" || status === "copied");
    expect(made.length).toBe(15);
    const names = made.map(({ output }) => relative(join(folder, "o"), output.path));
    expect(await listTree(join(folder, "o"))).toEqual(withRecords(...names));
  },
);
