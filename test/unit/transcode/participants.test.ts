import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ConvertFilesRequest, convertFiles } from "../../helpers/convert-files.ts";
import { decodeSamples } from "../../helpers/decode-samples.ts";
import { listTree } from "../../helpers/list-tree.ts";
import { makeWav, tone } from "../../helpers/make-wav.ts";
import { FFMPEGS } from "../../helpers/real-ffmpegs.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const [LEFT, RIGHT] = [tone(16000, 40), tone(16000, 17)];
const LOUD = tone(16000, 40, 32000);
const FULL = Int16Array.from({ length: 16000 }, (_, at) => (at % 80 < 40 ? 32767 : -32768));

/** Converts a recording of these channels to a WAV at the same rate, where nothing but the channels may change. */
async function toWav(channels: readonly Int16Array[], request: Partial<ConvertFilesRequest>) {
  const folder = await makeTemporaryFolder();
  const [input, outFolder] = [join(folder, "x.wav"), join(folder, "o")];
  await writeFile(input, makeWav(channels));
  const report = await convertFiles([input], { outFolder, formats: ["wav"], ...request });
  return { report, folder, output: join(outFolder, "x.wav") };
}

describe.each(FFMPEGS)("ffmpeg $version", (ffmpeg) => {
  test.each([
    ["caller", "left", LEFT],
    ["caller", "right", RIGHT],
    ["callee", "left", RIGHT],
    ["callee", "right", LEFT],
  ] as const)(
    "the %s alone, the caller being %s: the samples of that channel, one by one",
    async (participant, callerChannel, samples) => {
      const { output } = await toWav([LEFT, RIGHT], { ffmpeg, choice: { participant }, callerChannel });
      expect(await decodeSamples(output)).toEqual([samples]);
    },
  );

  test("two channels are kept apart", async () => {
    const { report, output } = await toWav([LEFT, RIGHT], {
      ffmpeg,
      formats: ["wav"],
      choice: { channels: 2, sampleRateHz: 8000 },
    });
    expect(report.outcome).toBe("ok");
    const [left, right] = await decodeSamples(output, 2);
    const alone = await toWav([LEFT, LEFT], { ffmpeg, choice: { channels: 2, sampleRateHz: 8000 } });
    expect(left).toEqual((await decodeSamples(alone.output, 2))[0]);
    expect(right).not.toEqual(left);
  });

  test("two of full scale are mixed without clipping", async () => {
    const { output } = await toWav([FULL, FULL], { ffmpeg });
    expect(await decodeSamples(output)).toEqual([FULL]);
  });

  test("nor are two that are as loud in floating-point samples, which may go beyond", async () => {
    const folder = await makeTemporaryFolder();
    await writeFile(join(folder, "16.wav"), makeWav([LOUD, LOUD]));
    const [input, outFolder] = [join(folder, "float.wav"), join(folder, "o")];
    execFileSync(ffmpeg.path, ["-v", "error", "-i", join(folder, "16.wav"), "-c:a", "pcm_f32le", input]);
    await convertFiles([input], { ffmpeg, outFolder, formats: ["wav"] });
    expect(await decodeSamples(join(outFolder, "float.wav"))).toEqual([LOUD]);
  });

  test("what is turned round cancels out to silence", async () => {
    const { output } = await toWav([LEFT, LEFT.map((sample) => -sample)], { ffmpeg });
    expect(await decodeSamples(output)).toEqual([new Int16Array(16000)]);
  });

  test("one channel as two is the same twice", async () => {
    const { report, output } = await toWav([LEFT], { ffmpeg, choice: { channels: 2 } });
    expect(report.results).toMatchObject([{ remarks: ["both channels are the one that was recorded"] }]);
    expect(await decodeSamples(output, 2)).toEqual([LEFT, LEFT]);
  });
});

describe("refused, with nothing left", () => {
  test.each([
    ["a single channel", [LEFT], "left"],
    ["two of which nobody says which is which", [LEFT, RIGHT], undefined],
  ] as const)("%s", async (_, channels, callerChannel) => {
    const choice = { participant: "caller" } as const;
    const { report, folder } = await toWav(channels, {
      choice,
      ...(callerChannel === undefined ? {} : { callerChannel }),
    });
    expect(report.results).toMatchObject([{ status: "refused" }]);
    expect(report.failures).toMatchObject([{ code: "MEDIA_PARTICIPANT_UNKNOWN" }]);
    expect(await listTree(folder)).toEqual(["x.wav"]);
  });
});
