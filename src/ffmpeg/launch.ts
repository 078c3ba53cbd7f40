import type { ChildProcess, SpawnOptions } from "node:child_process";
import createCommand from "fluent-ffmpeg";

/** What one ffmpeg process left behind. */
export interface Launched {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  /** The last {@link MAX_OUTPUT_LINES} lines. */
  readonly stderr: string;
}

/** Bounds what is kept of stdout and stderr; a damaged file can print a line for each of its frames. */
const MAX_OUTPUT_LINES = 400;

/** How long ffmpeg may take to end after SIGTERM before it gets SIGKILL. */
const KILL_AFTER_MS = 2000;

interface LineRing {
  get(): string;
}

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
    options: SpawnOptions & { captureStdout: boolean; stdoutLines: number },
    onProcess: (child: ChildProcess) => void,
    onEnd: (error: Error | null, stdout?: LineRing, stderr?: LineRing) => void,
  ): void;
}

/**
 * Starts one ffmpeg in a process group of its own (a terminal's Ctrl-C does not reach it), with no standard
 * input and an empty environment, and waits for its end.
 *
 * When `signal` aborts, the group gets SIGTERM and, 2 s later, SIGKILL; the promise settles only once the
 * process is gone, so whatever it was writing can be removed.
 *
 * @throws the spawn error (`ENOENT`, `EACCES` …) when no process could be started.
 */
export function launch(path: string, args: readonly string[], signal: AbortSignal): Promise<Launched> {
  return new Promise((resolve, reject) => {
    let child: ChildProcess | undefined;
    let killTimer: NodeJS.Timeout | undefined;
    const stop = () => {
      killGroup(child, "SIGTERM");
      killTimer = setTimeout(() => killGroup(child, "SIGKILL"), KILL_AFTER_MS);
    };
    const launcher = createCommand({ logger: undefined }) as unknown as Launcher;
    launcher.setFfmpegPath(path)._spawnFfmpeg(
      [...args],
      {
        captureStdout: true,
        stdoutLines: MAX_OUTPUT_LINES,
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
        env: {},
        windowsHide: true,
      },
      (started) => {
        child = started;
        if (signal.aborted) stop();
        else signal.addEventListener("abort", stop, { once: true });
      },
      (error, stdout, stderr) => {
        signal.removeEventListener("abort", stop);
        clearTimeout(killTimer);
        if (child?.pid === undefined) {
          reject(error ?? new Error("internal error: ffmpeg was not started"));
          return;
        }
        resolve({
          exitCode: child.exitCode ?? undefined,
          signal: child.signalCode ?? undefined,
          stdout: stdout?.get() ?? "",
          stderr: stderr?.get() ?? "",
        });
      },
    );
  });
}

/** Ends the whole group; a process that is already gone is what was wanted. */
function killGroup(child: ChildProcess | undefined, signal: NodeJS.Signals): void {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
