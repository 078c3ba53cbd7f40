import { withWorkingFolder } from "../io/working-folder.ts";
import type { Confinement, RunBounds } from "./confinement.ts";
import { FfmpegFailedError } from "./errors.ts";
import type { Ffmpeg } from "./ffmpeg.ts";
import { type Launched, type LaunchOptions, launch } from "./launch.ts";

/** Bounds of one run. */
export interface RunFfmpegOptions {
  readonly signal?: AbortSignal | undefined;
  /** The process is ended after this time, and by the kernel after as much processor time. */
  readonly timeoutMs: number;
  /** Gets what ffmpeg writes to stdout (`pipe:1`), chunk by chunk; it must not throw. @default nobody */
  readonly onStdout?: LaunchOptions["onStdout"];
  /**
   * What holds ffmpeg back beside its arguments; it then works in an empty folder of its own, so all paths are absolute.
   *
   * @default nothing, which is for audio that we made ourselves
   */
  readonly confinement?: Confinement | undefined;
  /** The files that it may read, as absolute paths; a sandbox hides all others. @default none */
  readonly reads?: readonly string[];
  /** The folders, or existing files, that it may write; a sandbox lets it write nowhere else. @default none */
  readonly writes?: readonly string[];
  /** How long each file may become that it writes. @default any length */
  readonly maxFileBytes?: number | undefined;
}

/** Options before every argument list: no questions, no banner, and only what is wrong on stderr. */
const COMMON_ARGUMENTS = ["-nostdin", "-hide_banner", "-v", "error"] as const;

/**
 * Runs ffmpeg with a full argument list (without the program's name). Status 0 alone is no success: anything
 * on stderr at level `error` is a failure too, because cut and corrupt input ends with status 0.
 *
 * @throws {FfmpegFailedError} status other than 0, a signal, a limit, or a line on stderr.
 * @throws {StorageFullError | StorageUnavailableError} there can be no working folder.
 * @throws the reason of `signal` when it aborts; ffmpeg is gone by then.
 */
export async function runFfmpeg(
  ffmpeg: Ffmpeg,
  args: readonly string[],
  options: RunFfmpegOptions,
): Promise<{ elapsedMs: number }> {
  const { signal, timeoutMs } = options;
  signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  const startedMs = performance.now();
  const ended = await launchConfined(ffmpeg, args, {
    ...options,
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  });
  signal?.throwIfAborted();
  const elapsedMs = Math.round(performance.now() - startedMs);
  const stderrTail = ended.stderr.trim();
  if (ended.exitCode === 0 && stderrTail === "") return { elapsedMs };
  throw new FfmpegFailedError({
    exitCode: ended.exitCode,
    signal: ended.signal,
    timedOut: timeout.aborted,
    elapsedMs,
    stderrTail,
  });
}

/** How one command is run, beside its arguments. */
type ConfinedOptions = RunFfmpegOptions & { readonly signal: AbortSignal };

async function launchConfined({ path }: Ffmpeg, args: readonly string[], options: ConfinedOptions): Promise<Launched> {
  const { signal, timeoutMs, onStdout, confinement, reads = [], writes = [], maxFileBytes } = options;
  const ffmpegArgs = [...COMMON_ARGUMENTS, ...args];
  if (confinement === undefined) return launch(path, ffmpegArgs, { signal, onStdout });
  const bounds: RunBounds = { reads, writes, maxFileBytes, cpuSeconds: timeoutMs / 1000 };
  const command = confinement.confine({ program: path, args: ffmpegArgs }, bounds);
  return withWorkingFolder("ffmpeg", (cwd) =>
    launch(command.program, command.args, { signal, cwd, onStdout, lifeline: true }),
  );
}
