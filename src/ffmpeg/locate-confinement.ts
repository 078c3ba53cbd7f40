import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isThere } from "../io/is-there.ts";
import { toBubblewrap } from "./bubblewrap.ts";
import type { CommandLine, Confinement, RunBounds } from "./confinement.ts";
import { SandboxMissingError } from "./errors.ts";
import { findProgram } from "./find-program.ts";
import { guard, SHELL } from "./guard.ts";
import { launch } from "./launch.ts";
import { toSystemdRun } from "./systemd-run.ts";

/** Where to look, and whether limits alone will do. */
export interface LocateConfinementRequest {
  /** The value of PATH. */
  readonly searchPath: string;
  readonly sandbox: boolean;
}

const PROBE_TIMEOUT_MS = 15_000;

/**
 * Finds out how ffmpeg can be held back here. Limits are kept, and ffmpeg ends with Holdfast, wherever there is a shell; a
 * sandbox is bubblewrap, else systemd-run, and only one that was seen to hide a file.
 *
 * @throws {SandboxMissingError} a sandbox was asked for and none works: nothing is ever run without it then.
 */
export async function locateConfinement({ searchPath, sandbox }: LocateConfinementRequest): Promise<Confinement> {
  if (sandbox) return locateSandbox(searchPath);
  return (await isThere(SHELL)) ? GUARDED : UNCONFINED;
}

const LIMITS = "limits of memory, processor time and file size; ffmpeg ends with holdfast";

const GUARDED: Confinement = { description: LIMITS, confine: guard };

const UNCONFINED: Confinement = {
  description: `no limits, because there is no ${SHELL}; ffmpeg goes on when holdfast is killed`,
  confine: (command) => command,
};

async function locateSandbox(searchPath: string): Promise<Confinement> {
  const bwrap = await findProgram("bwrap", searchPath);
  const bubblewrap = bwrap === undefined ? undefined : toBubblewrapped(bwrap);
  if (bubblewrap !== undefined && (await hidesFiles(bubblewrap))) return bubblewrap;
  const systemdRun = await findProgram("systemd-run", searchPath);
  const service = systemdRun === undefined ? undefined : toService(systemdRun);
  if (service !== undefined && (await hidesFiles(service))) return service;
  throw new SandboxMissingError(
    `no sandbox for ffmpeg: ${toObjection("bubblewrap", bwrap)}, and ${toObjection("systemd-run", systemdRun)}`,
    { hint: "install bubblewrap and allow user namespaces, or leave --sandbox out" },
  );
}

const SHUT_IN = `no network, and no files but the inputs, the outputs' folder and the system's programs; ${LIMITS}`;

function toBubblewrapped(bwrap: string): Confinement {
  return {
    description: `bubblewrap: ${SHUT_IN}`,
    confine: (command, bounds) => guard(toBubblewrap(bwrap, command, bounds), bounds),
  };
}

function toService(path: string): Confinement | undefined {
  const userId = process.getuid?.();
  if (userId === undefined) return undefined;
  return {
    description: `systemd-run: ${SHUT_IN}`,
    confine: (command, bounds) => toSystemdRun({ path, userId }, command, bounds),
  };
}

function toObjection(name: string, path: string | undefined): string {
  return path === undefined ? `${name} is not on PATH` : `${name} does not work here`;
}

/** Runs a shell inside that looks for a file of ours. A systemd that may not make namespaces leaves them out and says nothing. */
async function hidesFiles({ confine }: Confinement): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "holdfast-canary-"));
  try {
    const canary = join(folder, "canary");
    await writeFile(canary, "");
    const look: CommandLine = { program: SHELL, args: ["-c", 'test -d /usr && ! test -e "$1"', "look", canary] };
    const bounds: RunBounds = { reads: [], writes: [], maxFileBytes: undefined, cpuSeconds: PROBE_TIMEOUT_MS / 1000 };
    const { program, args } = confine(look, bounds);
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    return (await launch(program, args, { signal, lifeline: true })).exitCode === 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
