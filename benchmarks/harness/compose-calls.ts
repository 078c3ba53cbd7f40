import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { repositoryPath } from "./repository.ts";

const run = promisify(execFile);

/** How many calls, and the lengths of the shortest and the longest. */
export interface CallSet {
  readonly count: number;
  readonly shortestSeconds: number;
  readonly longestSeconds: number;
}

/** One call to be made of the speech in the fixtures, with both parties on a channel of their own. */
export interface PlannedCall {
  readonly fileName: string;
  readonly seconds: number;
  readonly speech: string;
  /** Where in the speech it begins. */
  readonly startSeconds: number;
  readonly encoderArguments: readonly string[];
}

const SPEECH = ["appointment", "order", "support-desk"] as const;
/** The vendor's three formats, in equal shares. */
const ENCODERS = [
  ["wav", ["-c:a", "pcm_s16le", "-ar", "16000"]],
  ["mp3", ["-c:a", "libmp3lame", "-b:a", "64k", "-ar", "16000"]],
  ["opus", ["-c:a", "libopus", "-b:a", "32k", "-ar", "48000"]],
] as const;

/**
 * Plans calls whose lengths rise evenly on a logarithmic scale, so that short ones are many, dealt out so that
 * neighbours by name differ. Every third is in the same format.
 */
export function planCalls({ count, shortestSeconds, longestSeconds }: CallSet): readonly PlannedCall[] {
  return Array.from({ length: count }, (_, index) => {
    const rank = (index * 37) % count;
    const share = count === 1 ? 0 : rank / (count - 1);
    const [extension, encoderArguments] = ENCODERS[index % ENCODERS.length] ?? ENCODERS[0];
    return {
      fileName: `call-${String(index).padStart(3, "0")}.${extension}`,
      seconds: Math.round(shortestSeconds * (longestSeconds / shortestSeconds) ** share),
      speech: SPEECH[index % SPEECH.length] ?? SPEECH[0],
      startSeconds: index % 20,
      encoderArguments,
    };
  });
}

/** Makes the planned calls in a folder; with one build of ffmpeg they are the same bytes every time. */
export async function composeCalls(
  folder: string,
  calls: readonly PlannedCall[],
  { ffmpegPath, signal }: { readonly ffmpegPath: string; readonly signal: AbortSignal },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { fileName, seconds, speech, startSeconds, encoderArguments } of calls) {
    const source = repositoryPath(`fixtures/speech/${speech}.flac`);
    // The speech is repeated as often as need be; counting its samples anew leaves no jump of time where it begins again.
    const loop = ["-stream_loop", "-1", "-ss", `${startSeconds}`, "-i", source, "-af", "asetpts=N/SR/TB"];
    const cut = [...loop, "-t", `${seconds}`];
    const exact = ["-map_metadata", "-1", "-flags:a", "+bitexact", "-fflags", "+bitexact"];
    const args = ["-nostdin", "-v", "error", ...cut, ...exact, ...encoderArguments, join(folder, fileName)];
    await run(ffmpegPath, args, { signal });
  }
}

/** Which calls are decoded, and with what. */
export interface DecodeRequest {
  readonly inputs: string;
  readonly fileNames: readonly string[];
  readonly ffmpegPath: string;
}

/**
 * Decodes and filters calls to floating-point samples, `NAME.nut` for each. Nothing is lost on the way, not even the clock
 * of an Opus file, which begins a little before zero: what is encoded from either is the same, byte for byte.
 */
export async function decodeCalls(
  folder: string,
  { inputs, fileNames, ffmpegPath }: DecodeRequest,
  { filter, signal }: { readonly filter: readonly string[]; readonly signal: AbortSignal },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const fileName of fileNames) {
    const args = ["-nostdin", "-v", "error", "-i", join(inputs, fileName), ...filter, "-c:a", "pcm_f32le"];
    const output = ["-avoid_negative_ts", "disabled", "-f", "nut", join(folder, `${fileName}.nut`)];
    await run(ffmpegPath, [...args, ...output], { signal });
  }
}
