import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { isHoldfastError } from "../core/errors.ts";
import { toSystemCode } from "../io/errors.ts";
import { KeyCommandError } from "./errors.ts";

/** A program that has the operator's key or can reach it, started as it is named, without a shell. */
export interface KeyCommand {
  readonly program: string;
  /** Everybody on the machine can read these: no secrets. */
  readonly arguments: readonly string[];
  /** How long it may take for one key. */
  readonly timeoutMs: number;
}

/** More than an answer or a complaint needs. */
const MAX_OUTPUT_BYTES = 65_536;

/** What a command left behind that came to its end. */
export interface KeyCommandEnd {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command to its end, with one line on its standard input and our environment. It has a process group of its own,
 * which is ended when this fails.
 *
 * @throws {KeyCommandError} it cannot be started, took too long, or printed too much.
 */
export async function runKeyCommand(command: KeyCommand, line: string): Promise<KeyCommandEnd> {
  const { program, timeoutMs } = command;
  const child = spawn(program, command.arguments, { stdio: "pipe", detached: true, windowsHide: true });
  const timeout = AbortSignal.timeout(timeoutMs);
  // A command that reads nothing breaks the pipe; how it ends tells more than that.
  child.stdin.on("error", () => undefined);
  child.stdin.end(`${line}\n`);
  try {
    const [stdout, stderr] = await Promise.all([
      readBounded(child.stdout, program),
      readBounded(child.stderr, program),
      once(child, "close", { signal: timeout }),
    ]);
    return { exitCode: child.exitCode ?? undefined, signal: child.signalCode ?? undefined, stdout, stderr };
  } catch (error) {
    endGroup(child);
    if (timeout.aborted) {
      throw new KeyCommandError(`the key command took longer than ${timeoutMs} ms: ${program}`, { cause: error });
    }
    const code = isHoldfastError(error) ? undefined : toSystemCode(error);
    if (code === undefined) throw error;
    throw new KeyCommandError(`${code} for the key command ${program}`, { cause: error });
  }
}

async function readBounded(output: Readable, program: string): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of output as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_OUTPUT_BYTES) throw new KeyCommandError(`the key command prints too much: ${program}`);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Ends what is left of a command, and lets go of its pipes, which something that it started may hold open. */
function endGroup({ pid, stdout, stderr }: ChildProcess): void {
  stdout?.destroy();
  stderr?.destroy();
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (toSystemCode(error) !== "ESRCH") throw error;
  }
}
