import type { ChildProcess, SpawnOptions } from "node:child_process";
import { once } from "node:events";
import createCommand from "fluent-ffmpeg";
import { TextTail } from "./text-tail.ts";

/** How one process is run. */
export interface LaunchOptions {
  readonly signal: AbortSignal;
  /** Its working directory. @default ours */
  readonly cwd?: string | undefined;
  /**
   * Gets what it writes to stdout, chunk by chunk; it is done with a chunk when it returns, and must not throw.
   *
   * @default nobody: stdout is the null device
   */
  readonly onStdout?: ((chunk: Buffer) => void) | undefined;
  /**
   * Whether its standard input is a pipe that nothing comes through, and that the system closes when either of us ends.
   *
   * @default false: standard input is the null device
   */
  readonly lifeline?: boolean;
}

/** What one ffmpeg process left behind. */
export interface Launched {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** The last {@link MAX_STDERR_LENGTH} characters. */
  readonly stderr: string;
}

const MAX_STDERR_LENGTH = 8192;

/** How long ffmpeg may take to end after SIGTERM before it gets SIGKILL. */
const KILL_AFTER_MS = 2000;

/**
 * fluent-ffmpeg's own launching step. It takes a full argument list and spawn options, without the two
 * capability probes and the forced options of `run()`, which know nothing of AbortSignal, process groups or
 * ffmpeg 7's `-formats`. The package is archived and pinned to 2.1.3, so its inside does not move.
 *
 * @see docs/adr/0002-fluent-ffmpeg-as-a-thin-launcher.md
 */
interface Launcher {
  setFfmpegPath(path: string): Launcher;
  _spawnFfmpeg(
    args: string[],
    options: SpawnOptions & { captureStdout: boolean },
    onProcess: (child: ChildProcess) => void,
    onEnd: (error: Error | null) => void,
  ): void;
}

/**
 * Starts one ffmpeg in a process group of its own (a terminal's Ctrl-C does not reach it), with nothing on
 * standard input and an empty environment, and waits for its end and that of its output.
 *
 * When `signal` aborts, the group gets SIGTERM and, 2 s later, SIGKILL; the promise settles only once the
 * process is gone, so whatever it was writing can be removed.
 *
 * @throws the spawn error (`ENOENT`, `EACCES` …) when no process could be started.
 */
export function launch(path: string, args: readonly string[], options: LaunchOptions): Promise<Launched> {
  const { cwd, onStdout, lifeline } = options;
  const stdio: SpawnOptions["stdio"] = [
    lifeline ? "pipe" : "ignore",
    onStdout === undefined ? "ignore" : "pipe",
    "pipe",
  ];
  const launcher = createCommand({ logger: undefined }) as unknown as Launcher;
  return new Promise((resolve, reject) => {
    let isFollowed = false;
    launcher.setFfmpegPath(path)._spawnFfmpeg(
      [...args],
      { captureStdout: false, stdio, detached: true, cwd, env: {}, windowsHide: true },
      (child) => {
        isFollowed = true;
        follow(child, options).then(resolve, reject);
      },
      (error) => {
        if (!isFollowed) reject(error ?? new Error("internal error: ffmpeg was not started"));
      },
    );
  });
}

/** Reads all that a process says and waits for its end, which it brings about when the signal aborts. */
async function follow(child: ChildProcess, { signal, onStdout }: LaunchOptions): Promise<Launched> {
  let killTimer: NodeJS.Timeout | undefined;
  const stop = () => {
    killGroup(child, "SIGTERM");
    killTimer = setTimeout(() => killGroup(child, "SIGKILL"), KILL_AFTER_MS);
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  try {
    const [stderr] = await Promise.all([readOutput(child, onStdout), once(child, "exit")]);
    return { exitCode: child.exitCode ?? undefined, signal: child.signalCode ?? undefined, stderr };
  } finally {
    signal.removeEventListener("abort", stop);
    clearTimeout(killTimer);
  }
}

/** Reads both pipes to their ends, and gives the end of stderr. */
async function readOutput({ stdout, stderr }: ChildProcess, onStdout: LaunchOptions["onStdout"]): Promise<string> {
  const tail = new TextTail(MAX_STDERR_LENGTH);
  // fluent-ffmpeg's own reader, taken off here, keeps a line of any length in memory.
  stderr?.removeAllListeners("data").on("data", (text: string) => tail.append(text));
  if (onStdout !== undefined) stdout?.on("data", onStdout);
  await Promise.all([stdout, stderr].map((pipe) => (pipe ? once(pipe, "close") : undefined)));
  return tail.toString();
}

/** Ends the whole group; one that is already gone is what was wanted. */
function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
