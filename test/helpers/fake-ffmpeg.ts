import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Ffmpeg } from "../../src/ffmpeg/ffmpeg.ts";
import { probeFfmpeg } from "../../src/ffmpeg/probe.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

/** What a fake says of itself; by default what makes an ffmpeg usable. */
export interface FakeFfmpeg {
  readonly version?: string;
  readonly encoders?: readonly string[];
}

/** Shell that writes rubbish where ffmpeg was told to write its last output (`file:PATH`). */
export const WRITE_RUBBISH = 'for last; do :; done; echo rubbish > "$(echo "$last" | cut -c6-)"';

/**
 * Writes a program that says of itself what an ffmpeg says, and does `body` (shell) when it is asked to convert.
 *
 * @returns its path.
 */
export async function writeFakeFfmpeg(
  folder: string,
  body: string,
  { version = "9.9", encoders = ["libmp3lame", "libopus", "pcm_s16le"] }: FakeFfmpeg = {},
): Promise<string> {
  const path = join(folder, "ffmpeg");
  const listing = encoders.map((encoder) => `echo " A....D ${encoder} x"`).join("; ");
  const probe = `echo "ffmpeg version ${version} Copyright (c) 2000-2026" >&2; ${listing}`;
  await writeFile(path, `#!/bin/sh\ncase "$*" in *-encoders*) ${probe};; *) ${body};; esac\n`, { mode: 0o755 });
  return path;
}

/** Writes such a program into a folder of its own, and asks it what it is. */
export async function openFakeFfmpeg(body: string): Promise<{ folder: string; ffmpeg: Ffmpeg }> {
  const folder = await makeTemporaryFolder();
  return { folder, ffmpeg: await probeFfmpeg(await writeFakeFfmpeg(folder, body), "flag") };
}

/** Shell that never ends by itself, with a child of its own. */
export const NEVER_ENDS = `sleep 600 & echo $$ $! > "$(dirname "$0")/pids"; wait`;
/** The same, deaf to SIGTERM but for a mark: a file called `asked`. */
export const DEAF = [
  'trap \': > "$(dirname "$0")/asked"\' TERM; (trap "" TERM; exec sleep 600) &',
  'echo $$ $! > "$(dirname "$0")/pids"; while kill -0 $!; do wait $!; done',
].join(" ");

/** Waits until one of the two above is at work in a folder, and gives its process and its child. */
export async function waitForPids(folder: string): Promise<readonly number[]> {
  for (;;) {
    const text = await readFile(join(folder, "pids"), "utf8").catch(() => "");
    if (text.endsWith("\n")) return text.trim().split(" ").map(Number);
    await sleep(10);
  }
}

/** Tells whether a process runs; one that is dead and not yet buried by its parent does not. */
export function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return !/^\s*(?:Z|$)/.test(stdout);
}

/** Waits until none of the processes runs. */
export async function waitUntilGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await sleep(10);
}
