import { type Identity, identify } from "../audio/identify.ts";
import type { AudioFormat } from "../core/audio-format.ts";
import type { Profile } from "../core/profile.ts";
import { toConvertArguments } from "../ffmpeg/arguments.ts";
import { FfmpegFailedError } from "../ffmpeg/errors.ts";
import type { Ffmpeg } from "../ffmpeg/ffmpeg.ts";
import { runFfmpeg } from "../ffmpeg/run.ts";
import { DISK_FULL_HINT, StorageFullError } from "../io/errors.ts";
import { readFileChunks } from "../io/read-file.ts";
import type { ConvertibleSource } from "./convertible-source.ts";
import { OutputInvalidError } from "./errors.ts";
import { checkOutput } from "./output-check.ts";

/** A place for bytes that have no name yet. */
export interface StagedOutput {
  readonly path: string;
  prepare(): Promise<void>;
  discard(): Promise<void>;
}

/** An output to be made. */
export interface WantedOutput<S extends StagedOutput> {
  readonly profile: Profile;
  /** Where it will stand, as reports name it. */
  readonly path: string;
  readonly staged: S;
}

/** What one run of ffmpeg was. */
export interface EncodingRun {
  readonly ffmpeg: Ffmpeg;
  readonly arguments: readonly string[];
  readonly elapsedMs: number;
}

/** An output that was made, and checked or found wanting. */
export interface EncodedOutput<S extends StagedOutput> extends WantedOutput<S> {
  readonly identity: Identity;
  readonly run: EncodingRun;
  /** Why it must not get its name. */
  readonly fault: OutputInvalidError | undefined;
}

/** The system's words (strerror of ENOSPC and EDQUOT), which ffmpeg prints. */
const DISK_FULL = /No space left on device|Disk quota exceeded/;

/** Ffmpeg gets this long to start, and then the recording's own length: even the slowest encoder here is 20 times faster. */
const START_TIMEOUT_MS = 60_000;

/**
 * Decodes a source once and encodes it to every wanted output in one run of ffmpeg, then reads each output back
 * and checks it. Nothing gets a name here.
 *
 * @throws {FfmpegFailedError} ffmpeg failed or complained; none of the outputs is good then.
 * @throws {StorageFullError} no space left.
 */
export async function encode<S extends StagedOutput>(
  source: ConvertibleSource & { readonly localPath: string; readonly format: AudioFormat },
  wanted: readonly WantedOutput<S>[],
  { ffmpeg, signal }: { ffmpeg: Ffmpeg; signal: AbortSignal | undefined },
): Promise<readonly EncodedOutput<S>[]> {
  for (const { staged } of wanted) await staged.prepare();
  const targets = wanted.map(({ staged, profile }) => ({ path: staged.path, profile }));
  const args = toConvertArguments({ path: source.localPath, format: source.format }, targets);
  const timeoutMs = START_TIMEOUT_MS + Math.ceil(source.structure.durationSeconds * 1000);
  const { elapsedMs } = await runToDisk(ffmpeg, args, { signal, timeoutMs });
  const encoded: EncodedOutput<S>[] = [];
  for (const output of wanted) {
    const identity = await identify(readFileChunks(output.staged.path, signal));
    const problems = checkOutput(source.structure, output.profile, identity);
    const fault = problems.length === 0 ? undefined : new OutputInvalidError(`${output.path}: ${problems.join("; ")}`);
    encoded.push({ ...output, identity, run: { ffmpeg, arguments: args, elapsedMs }, fault });
  }
  return encoded;
}

/** A full disk is no fault of the recording's: it stops the run, whichever program met it. */
async function runToDisk(...run: Parameters<typeof runFfmpeg>): ReturnType<typeof runFfmpeg> {
  try {
    return await runFfmpeg(...run);
  } catch (error) {
    if (!(error instanceof FfmpegFailedError) || !DISK_FULL.test(error.exit.stderrTail)) throw error;
    throw new StorageFullError("no space left for what ffmpeg writes", { cause: error, hint: DISK_FULL_HINT });
  }
}
