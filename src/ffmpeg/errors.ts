import { HoldfastError, type HoldfastErrorOptions } from "../core/errors.ts";

/** No usable ffmpeg: the one that was asked for is missing, does not start or lacks an encoder. */
export class FfmpegNotFoundError extends HoldfastError<"MEDIA_FFMPEG_NOT_FOUND"> {
  readonly code = "MEDIA_FFMPEG_NOT_FOUND";
}

/** A sandbox was asked for, and there is nothing here that can be one. */
export class SandboxMissingError extends HoldfastError<"MEDIA_SANDBOX_MISSING"> {
  readonly code = "MEDIA_SANDBOX_MISSING";
}

/** How one run of ffmpeg ended. */
export interface FfmpegExit {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly timedOut: boolean;
  readonly elapsedMs: number;
  /** The last lines of what it printed at log level `error`. */
  readonly stderrTail: string;
}

/** ffmpeg did not end with status 0, or complained although it did. */
export class FfmpegFailedError extends HoldfastError<"MEDIA_FFMPEG_FAILED"> {
  readonly code = "MEDIA_FFMPEG_FAILED";
  readonly exit: FfmpegExit;

  constructor(exit: FfmpegExit, options: HoldfastErrorOptions = {}) {
    super(`ffmpeg ${toVerdict(exit)}${toFirstLine(exit.stderrTail)}`, options);
    this.exit = exit;
  }
}

function toVerdict(exit: FfmpegExit): string {
  if (exit.timedOut) return `was stopped after ${Math.round(exit.elapsedMs / 1000)} s`;
  if (exit.signal !== undefined) return `was ended by ${exit.signal}`;
  return exit.exitCode === 0 ? "complained" : `ended with status ${exit.exitCode}`;
}

function toFirstLine(stderrTail: string): string {
  const line = stderrTail.split("\n").find((text) => text.trim() !== "");
  return line === undefined ? "" : `: ${line.trim().slice(0, 300)}`;
}
