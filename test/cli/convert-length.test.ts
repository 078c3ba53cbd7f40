import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { countSamples } from "../helpers/count-samples.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

const OK = join(import.meta.dirname, "../../fixtures/audio/ok");
const SOURCES = ["mp3-64k-16000.mp3", "wav-256k-8000-2ch.wav", "opus-32k-48000.opus"];

/**
 * How much longer, in samples of the decoder, an output may be. The embedded build of 2018 counts the delay of Opus
 * (312 samples at 48 kHz) at the input's rate, so that a decoder leaves up to 5/6 of it standing in front.
 */
const SURPLUS = { mp3: 1, wav: 1, opus: 312 };

describe("as many samples come out as went in, times the ratio of the rates, by ffmpeg's own count", () => {
  test.each([
    ["mp3,wav,opus", 16000],
    ["mp3,wav,opus", 8000],
    ["opus", 48000],
  ])("%s at %d Hz", async (formats, rateHz) => {
    const cwd = await makeTemporaryFolder();
    const inputs = SOURCES.map((name) => join(OK, name));
    const args = ["convert", ...inputs, "--to", formats, "--sample-rate", String(rateHz), "--out", "o", "--json"];
    const { code, stdout } = await runHoldfast(args, { cwd });
    expect(code).toBe(0);
    for (const { source, output } of JSON.parse(stdout).results) {
      const before = await countSamples(source.path);
      const after = await countSamples(join(cwd, output.path));
      expect(after.rateHz).toBe(output.format === "opus" ? 48000 : rateHz);
      const surplus = after.samples - (before.samples * after.rateHz) / before.rateHz;
      expect(surplus, output.path).toBeGreaterThanOrEqual(-after.rateHz / rateHz);
      expect(surplus, output.path).toBeLessThanOrEqual(SURPLUS[output.format as keyof typeof SURPLUS]);
    }
  });
});
