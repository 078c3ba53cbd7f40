import { FfmpegFailedError } from "./errors.ts";
import type { Ffmpeg } from "./ffmpeg.ts";
import { launch } from "./launch.ts";

/** Bounds of one run. */
export interface RunFfmpegOptions {
  readonly signal?: AbortSignal | undefined;
  /** The process is ended after this time. */
  readonly timeoutMs: number;
}

/** Options before every argument list: no questions, no banner, and only what is wrong on stderr. */
const COMMON_ARGUMENTS = ["-nostdin", "-hide_banner", "-v", "error"] as const;

/**
 * Runs ffmpeg with a full argument list (without the program's name). Status 0 alone is no success: anything
 * on stderr at level `error` is a failure too, because cut and corrupt input ends with status 0.
 *
 * @throws {FfmpegFailedError} status other than 0, a signal, the time limit, or a line on stderr.
 * @throws the reason of `signal` when it aborts; ffmpeg is gone by then.
 */
export async function runFfmpeg(
  ffmpeg: Ffmpeg,
  args: readonly string[],
  { signal, timeoutMs }: RunFfmpegOptions,
): Promise<{ elapsedMs: number }> {
  signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  const startedMs = performance.now();
  const ended = await launch(
    ffmpeg.path,
    [...COMMON_ARGUMENTS, ...args],
    signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  );
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
