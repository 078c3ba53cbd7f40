import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { takeDecodedWaveforms } from "../../../src/export/decoded-waveforms.ts";
import { CONFINEMENT } from "../../helpers/convert-files.ts";
import { makeWav } from "../../helpers/make-wav.ts";
import { EMBEDDED, FFMPEGS } from "../../helpers/real-ffmpegs.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { STEPS, staircase, toQuarters, toRows } from "../audio/waveform-rows.ts";

async function makeOpus(channels: 1 | 2): Promise<string> {
  const path = join(await makeTemporaryFolder(), "call.opus");
  const stairs = staircase();
  const input = makeWav([stairs, stairs.toReversed()].slice(0, channels));
  execFileSync(EMBEDDED.path, ["-v", "error", "-i", "-", "-c:a", "libopus", "-b:a", "64k", path], { input });
  return path;
}

describe.each(FFMPEGS.map((ffmpeg) => ({ version: ffmpeg.version, ffmpeg })))("decoded by $version", ({ ffmpeg }) => {
  const context = { ffmpeg, confinement: CONFINEMENT, concurrency: 2 };

  test("recordings have the waveform of their samples, and what cannot be decoded has none", async () => {
    const broken = join(await makeTemporaryFolder(), "broken.opus");
    await writeFile(broken, "this is no Opus");
    const waveforms = await takeDecodedWaveforms(
      [
        { path: broken, demuxer: "ogg", channels: 1 },
        { path: await makeOpus(2), demuxer: "ogg", channels: 2 },
        { path: join(broken, "nothing"), demuxer: "ogg", channels: 1 },
        { path: await makeOpus(1), demuxer: "ogg", channels: 1 },
      ],
      context,
    );
    expect(waveforms.map((waveform) => waveform?.channels.length)).toEqual([undefined, 2, undefined, 1]);
    for (const [quarter, { height }] of STEPS.entries()) {
      const [left, right] = toRows(waveforms[1]).map((row) => toQuarters(row));
      expect(Math.abs((left?.[quarter] ?? Number.NaN) - height)).toBeLessThan(8);
      expect(Math.abs((right?.[3 - quarter] ?? Number.NaN) - height)).toBeLessThan(8);
    }
  });

  test("an abort is thrown", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    const files = [{ path: await makeOpus(1), demuxer: "ogg", channels: 1 }] as const;
    await expect(takeDecodedWaveforms(files, { ...context, signal })).rejects.toThrow("enough");
  });
});
