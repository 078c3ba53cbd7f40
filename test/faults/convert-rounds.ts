import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { waitUntilGone } from "../helpers/fake-ffmpeg.ts";
import { findProcesses } from "../helpers/find-processes.ts";
import { listTree } from "../helpers/list-tree.ts";
import { makeWav, tone } from "../helpers/make-wav.ts";
import { finish, type Ran, runHoldfast, startHoldfast } from "../helpers/run-holdfast.ts";
import { readFixture } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

const FIXTURES = ["mp3-32k-8000.mp3", "opus-32k-48000.opus", "wav-256k-8000-2ch.wav"];
const TONES = 9;
const OUTPUT = /\.(?:mp3|wav|opus)$/;

/** Recordings, what is made of them when nobody interferes, and a folder in which somebody will. */
export interface Conversion {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly reference: ReadonlyMap<string, Buffer>;
  /** How long it takes when nobody interferes. */
  readonly elapsedMs: number;
}

/** Writes recordings long and short, and converts them once. */
export async function openConversion(): Promise<Conversion> {
  const cwd = await makeTemporaryFolder();
  await mkdir(join(cwd, "in"));
  for (const name of FIXTURES) await writeFile(join(cwd, "in", name), await readFixture(name));
  for (let at = 0; at < TONES; at += 1) {
    await writeFile(join(cwd, `in/tone-${at}.wav`), makeWav([tone(8000 * (1 + (at % 6)), 20 + at)], 8000));
  }
  const toArguments = (out: string) => ["convert", "in", "--to", "mp3,wav,opus", "--json", "--out", out];
  const startedMs = performance.now();
  const { code } = await runHoldfast(toArguments("reference"), { cwd });
  expect(code).toBe(0);
  const elapsedMs = performance.now() - startedMs;
  const reference = await readOutputs(cwd, "reference");
  expect(reference.size).toBe(3 * (FIXTURES.length + TONES));
  await mkdir(join(cwd, "o"));
  return { cwd, args: toArguments("o"), reference, elapsedMs };
}

async function readOutputs(cwd: string, out: string): Promise<ReadonlyMap<string, Buffer>> {
  const names = (await listTree(join(cwd, out))).filter((path) => OUTPUT.test(path));
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(cwd, out, name))] as const)));
}

/** Takes about half of the outputs away, some with their records, so that there is something to do. */
export async function removeSome({ cwd }: Conversion, random: () => number): Promise<void> {
  for (const path of (await listTree(join(cwd, "o"))).filter((name) => OUTPUT.test(name))) {
    const choice = random();
    if (choice < 0.5) await rm(join(cwd, "o", path));
    if (choice < 0.25) await rm(join(cwd, "o", `${path}.holdfast.json`));
  }
}

/** Whatever has its name is right, and no ffmpeg is left that could still write. */
export async function expectRight({ cwd, reference }: Conversion): Promise<void> {
  await waitUntilGone([...findProcesses("ffmpeg", cwd), ...findProcesses("sh", cwd)]);
  for (const [name, bytes] of await readOutputs(cwd, "o")) {
    expect(reference.get(name)?.equals(bytes), name).toBe(true);
  }
}

/** The files in the making that are there. */
export async function listParts({ cwd }: Conversion): Promise<readonly string[]> {
  return (await listTree(join(cwd, "o"))).filter((path) => path.endsWith(".part"));
}

/** A run that is let in peace makes all that is missing. */
export async function expectWhole(conversion: Conversion): Promise<void> {
  const { cwd, args, reference } = conversion;
  const { code, stdout } = await runHoldfast(args, { cwd });
  expect([code, JSON.parse(stdout).failures]).toEqual([0, []]);
  await expectRight(conversion);
  expect((await readOutputs(cwd, "o")).size).toBe(reference.size);
  expect(await listParts(conversion)).toEqual([]);
}

/** Runs the conversion while its ffmpegs are killed at random moments, without a word of warning. */
export async function convertUnderFire(
  { cwd, args }: Conversion,
  random: () => number,
): Promise<Ran & { readonly kills: number }> {
  const child = startHoldfast(args, { cwd });
  let isOver = false;
  let kills = 0;
  const ended = finish(child).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await sleep(random() * 150);
    const pids = findProcesses("ffmpeg", cwd);
    const pid = pids[Math.floor(random() * pids.length)];
    if (pid !== undefined && tryKill(pid)) kills += 1;
  }
  return { ...(await ended), kills };
}

function tryKill(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}
