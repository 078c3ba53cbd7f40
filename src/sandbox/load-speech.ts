import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Ffmpeg } from "../ffmpeg/ffmpeg.ts";
import { runFfmpeg } from "../ffmpeg/run.ts";
import { StagedFile } from "../io/staged-file.ts";
import { type Dialogue, toDialogue } from "./dialogue.ts";

const SPEECH_FOLDER = new URL("../../fixtures/speech/", import.meta.url);
const DIALOGUE_NAMES = ["appointment", "order", "support-desk"] as const;
const DECODE_TIMEOUT_MS = 60_000;

/** What decoding the speech takes. */
export interface LoadSpeechRequest {
  readonly ffmpeg: Ffmpeg;
  /** Where the decoded samples may stand for a moment; it must exist. */
  readonly stagingFolder: string;
  readonly signal: AbortSignal;
}

/**
 * Loads the spoken dialogues that every recording is composed from. See fixtures/README.md.
 *
 * @throws {FfmpegFailedError} they could not be decoded.
 */
export async function loadSpeech(request: LoadSpeechRequest): Promise<readonly Dialogue[]> {
  return Promise.all(DIALOGUE_NAMES.map((name) => loadDialogue(name, request)));
}

async function loadDialogue(name: string, { ffmpeg, stagingFolder, signal }: LoadSpeechRequest): Promise<Dialogue> {
  const source = fileURLToPath(new URL(`${name}.flac`, SPEECH_FOLDER));
  const decoded = new StagedFile(stagingFolder, name);
  try {
    await runFfmpeg(ffmpeg, ["-i", source, "-f", "s16le", decoded.path], { signal, timeoutMs: DECODE_TIMEOUT_MS });
    const bytes = await readFile(decoded.path);
    return toDialogue(new Int16Array(Uint8Array.from(bytes).buffer));
  } finally {
    await decoded.discard();
  }
}
