import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { listTree } from "../helpers/list-tree.ts";
import { finish, type RunOptions, runHoldfast, startHoldfast } from "../helpers/run-holdfast.ts";

/** A repeatable source of numbers from 0 up to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Starts the program and kills it after some time, without a word of warning.
 *
 * @param isAtWork - From when on the time counts: how long a program takes to start depends on the machine.
 */
export async function killAfter(
  args: readonly string[],
  options: RunOptions & { readonly isAtWork?: () => boolean },
  delayMs: number,
): Promise<void> {
  const { isAtWork = () => true, ...run } = options;
  const child = startHoldfast(args, run);
  let hasEnded = false;
  const ended = finish(child).finally(() => {
    hasEnded = true;
  });
  while (!isAtWork() && !hasEnded) await sleep(10);
  await sleep(delayMs);
  child.kill("SIGKILL");
  await ended;
}

/** The originals that stand under their final names. */
export async function originalsIn(cwd: string): Promise<readonly string[]> {
  const files = await readdir(join(cwd, "archive/recordings"), { recursive: true }).catch(() => []);
  return files
    .filter((path) => /rec_\d+\.(?:wav|mp3|opus)$/.test(path))
    .map((path) => path.replace(/^.*\/|\.\w+$/g, ""));
}

/** The last run ends well, nothing unfinished is left, and verify finds nothing. */
export async function expectSound(args: readonly string[], options: RunOptions): Promise<void> {
  const { code, stderr } = await runHoldfast(args, options);
  expect([code, stderr]).toEqual([0, ""]);
  expect((await listTree(options.cwd)).filter((path) => /\.part(?:ial)?$/.test(path))).toEqual([]);
  const verified = await runHoldfast(["verify", "--level", "structure", "--json"], options);
  expect(JSON.parse(verified.stdout).findings).toEqual([]);
  expect(verified.code).toBe(0);
}
