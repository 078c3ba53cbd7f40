import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { TEST_CUSTODIAN, toTestKeyFile } from "./test-custodian.ts";

const BIN = join(import.meta.dirname, "../../bin/holdfast.js");

/** How the program ended and what it said. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what the program runs; of the test's own environment it gets nothing. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where its results go. @default a pipe */
  readonly stdout?: number;
  /** The user that it runs as; only root can choose. @default the one who tests */
  readonly uid?: number;
}

/** Starts the real program, as a user does. PATH has no ffmpeg on it, so that every machine runs the embedded one. */
export function startHoldfast(args: readonly string[], options: RunOptions): ChildProcess {
  const { cwd, env = {}, stdout = "pipe", uid } = options;
  // The same key as that of the archives that tests open themselves.
  const custodian = { HOLDFAST_LEDGER_KEY_FILE: toTestKeyFile(uid), HOLDFAST_ACTOR: TEST_CUSTODIAN.actor };
  return spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { PATH: "/nonexistent", ...custodian, ...env },
    stdio: ["pipe", stdout, "pipe"],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
}

/** Waits for the end of a started program. */
export async function finish(child: ChildProcess): Promise<Ran> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

/** Runs the real program to its end. */
export function runHoldfast(args: readonly string[], options: RunOptions): Promise<Ran> {
  return finish(startHoldfast(args, options));
}
