import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { SandboxFolderError } from "../../../src/sandbox/errors.ts";
import { toWav } from "../../../src/sandbox/wav-file.ts";
import { FFMPEG, openTestSandbox, TestClock } from "./sandbox-rig.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

const SEEDED = { seed: 8, seedCalls: 40, formats: ["wav"], lengthSeconds: { min: 1, max: 3 } } as const;

it("makes short recordings of the formats that were asked for, each with bytes of its own", async () => {
  const directory = await makeTemporaryFolder();
  const sandbox = await openTestSandbox({ directory, clock: new TestClock(), ...SEEDED });
  onTestFinished(() => sandbox.close());
  const truth = sandbox.recordings();
  expect(new Set(truth.map(({ sha256 }) => sha256)).size).toBe(40);
  // One second at 8 kHz mono, and three at 16 kHz stereo.
  expect(Math.min(...truth.map(({ sizeBytes }) => sizeBytes))).toBeGreaterThanOrEqual(44 + 16_000);
  expect(Math.max(...truth.map(({ sizeBytes }) => sizeBytes))).toBeLessThanOrEqual(44 + 3 * 64_000);
  expect((await readdir(join(directory, "audio"))).filter((name) => name.endsWith(".wav"))).toHaveLength(40);
});

it("refuses a folder that was made with other formats or lengths", async () => {
  const directory = await makeTemporaryFolder();
  const options = { directory, clock: new TestClock(), ...SEEDED, seedCalls: 1 };
  await (await openTestSandbox(options)).close();
  await (await openTestSandbox(options)).close();
  await expect(openTestSandbox({ ...options, formats: ["mp3"] })).rejects.toThrow(SandboxFolderError);
  await expect(openTestSandbox({ ...options, lengthSeconds: { min: 1, max: 4 } })).rejects.toThrow("of 1 to 3 s");
  await expect(openTestSandbox({ ...options, formats: undefined })).rejects.toThrow(SandboxFolderError);
});

it("starts no ffmpeg where nothing is to be made", async () => {
  const directory = await makeTemporaryFolder();
  const sandbox = await openTestSandbox({ directory, ffmpeg: { ...FFMPEG, path: "/nowhere/ffmpeg" } });
  await sandbox.close();
});

it("halves the rate of a WAV by the mean of neighbours, each channel for itself", () => {
  const wav = toWav(Int16Array.of(10, -1, 20, -3, 30, -5, 50, -7), { sampleRateHz: 8000, channels: 2 });
  expect(wav).toHaveLength(44 + 8);
  expect([44, 46, 48, 50].map((offset) => wav.readInt16LE(offset))).toEqual([15, -2, 40, -6]);
  expect({ rateHz: wav.readUInt32LE(24), channels: wav.readUInt16LE(22) }).toEqual({ rateHz: 8000, channels: 2 });
});
