import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { toBaseEnvironment } from "./base-environment.ts";
import type { CommandLine, Ended } from "./benchmark.ts";
import { parseChildrenCpuSeconds } from "./cpu-times.ts";
import { endTree } from "./end-tree.ts";
import { MemorySampler } from "./memory-sampler.ts";
import type { RoundFigures } from "./schema.ts";

/**
 * Runs the command in its own process group below a shell that does nothing but wait for it and then print `times`.
 * The kernel adds the times of a process to its parent's account when the parent has waited for it, so the figure is
 * exact (to its tick of 10 ms) for every tree in which parents wait for their children, as those of Node, xargs, curl
 * and sh do.
 */
const WRAPPER = '"$@" 3>&-; code=$?; times >&3; exit "$code"';

/** How a run ended and what it took. */
export interface Measured {
  readonly ended: Ended;
  readonly figures: RoundFigures;
}

/** Where a run's own files go, and what breaks it off. */
export interface MeasureOptions {
  /** For what it prints; outside the folder that it works in. */
  readonly logFolder: string;
  readonly signal: AbortSignal;
}

/**
 * Runs one subject to its end and measures it. All that it started is gone when the promise settles.
 *
 * @throws the reason of `signal` when it aborts.
 */
export async function measure(commandLine: CommandLine, { logFolder, signal }: MeasureOptions): Promise<Measured> {
  signal.throwIfAborted();
  const paths = ["stdout", "stderr", "times"].map((name) => join(logFolder, name));
  const { exitCode, wallSeconds, peakRssBytes } = await runToEnd(commandLine, paths, signal);
  const [stdout = "", stderr = "", times = ""] = await Promise.all(paths.map((path) => readFile(path, "utf8")));
  signal.throwIfAborted();
  const figures = { wallSeconds, cpuSeconds: parseChildrenCpuSeconds(times), peakRssBytes: peakRssBytes ?? null };
  return { ended: { exitCode, stdout, stderr }, figures };
}

async function runToEnd({ argv, folder, environment }: CommandLine, paths: readonly string[], signal: AbortSignal) {
  mkdirSync(folder, { recursive: true });
  const files = paths.map((path) => openSync(path, "w"));
  try {
    const startedMs = performance.now();
    const shell = spawn("/bin/sh", ["-c", WRAPPER, "sh", ...argv], {
      cwd: folder,
      env: { ...toBaseEnvironment(), ...environment },
      stdio: ["ignore", ...files],
      detached: true,
    });
    const exit = once(shell, "exit") as Promise<[number | null]>;
    const leader = shell.pid;
    if (leader === undefined) throw await exit.catch((error: unknown) => error);
    const sampler = new MemorySampler(leader);
    const ending: Promise<void>[] = [];
    const stop = () => ending.push(endTree(leader));
    signal.addEventListener("abort", stop, { once: true });
    const [exitCode] = await exit;
    const wallSeconds = (performance.now() - startedMs) / 1000;
    signal.removeEventListener("abort", stop);
    const peakRssBytes = sampler.stop();
    await Promise.all(ending);
    signal.throwIfAborted();
    return { exitCode: exitCode ?? -1, wallSeconds, peakRssBytes };
  } finally {
    for (const file of files) closeSync(file);
  }
}
