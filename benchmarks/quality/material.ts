import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { repositoryPath } from "../harness/repository.ts";

const run = promisify(execFile);

/** The rate at which everything is compared. */
export const SAMPLE_RATE_HZ = 16000;
const MAX_PCM_BYTES = 1e9;

/** Pink noise as of a quiet line, the same every time, below the two parties of a dialogue, who have a channel each. */
const NOISY_DIALOGUE = [
  "anoisesrc=color=pink:amplitude=0.002:sample_rate=16000:seed=1[noise]",
  "[0:a:0]pan=mono|c0=0.5*c0+0.5*c1[speech]",
  "[speech][noise]amix=inputs=2:duration=first",
].join(";");

/** Speech to encode, as mono WAV at 16 kHz. */
export interface Material {
  readonly path: string;
  readonly seconds: number;
  readonly samples: Float32Array;
}

/** Makes WAV files of the dialogues in the fixtures, with a little noise, and of recordings that are named. */
export async function makeMaterial(
  folder: string,
  recordings: readonly string[],
  ffmpegPath: string,
): Promise<readonly Material[]> {
  await mkdir(folder, { recursive: true });
  const dialogues = ["appointment", "order", "support-desk"].map((name) =>
    repositoryPath(`fixtures/speech/${name}.flac`),
  );
  const sources = [
    ...dialogues.map((path) => ({ path, filter: ["-filter_complex", NOISY_DIALOGUE] })),
    ...recordings.map((path) => ({ path, filter: ["-map", "0:a:0"] })),
  ];
  const material: Material[] = [];
  for (const [index, { path, filter }] of sources.entries()) {
    const made = join(folder, `${index}.wav`);
    const mono = ["-ac", "1", "-ar", `${SAMPLE_RATE_HZ}`, "-c:a", "pcm_s16le"];
    await run(ffmpegPath, ["-nostdin", "-v", "error", "-i", path, ...filter, ...mono, made]);
    const samples = await decode(made, ffmpegPath);
    material.push({ path: made, seconds: samples.length / SAMPLE_RATE_HZ, samples });
  }
  return material;
}

/** Decodes a file to mono samples between −1 and 1. */
export async function decode(path: string, ffmpegPath: string): Promise<Float32Array> {
  const pcm = ["-ac", "1", "-ar", `${SAMPLE_RATE_HZ}`, "-f", "f32le", "-"];
  const args = ["-nostdin", "-v", "error", "-i", path, ...pcm];
  const { stdout } = await run(ffmpegPath, args, { encoding: "buffer", maxBuffer: MAX_PCM_BYTES });
  return new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.byteLength));
}
