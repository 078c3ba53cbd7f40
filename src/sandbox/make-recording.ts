import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat, writeFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { AudioFormat } from "../core/audio-format.ts";
import { parseSha256, type Sha256Hex } from "../core/digest.ts";
import { PROFILES } from "../core/profile.ts";
import type { Ffmpeg } from "../ffmpeg/ffmpeg.ts";
import { runFfmpeg } from "../ffmpeg/run.ts";
import { StagedFile } from "../io/staged-file.ts";
import { composeCall } from "./compose-call.ts";
import { type Dialogue, SPEECH_RATE_HZ } from "./dialogue.ts";
import type { SandboxFolder } from "./sandbox-folder.ts";
import type { EndedRecording, StoredRecording } from "./schema.ts";
import { SeededRandom } from "./seeded-random.ts";
import { toWav } from "./wav-file.ts";

/** What making audio takes, the same for every recording of a sandbox. */
export interface Studio {
  readonly ffmpeg: Ffmpeg;
  /** Loads the speech when it is first wanted, for a start that makes nothing needs none. */
  readonly speech: () => Promise<readonly Dialogue[]>;
  readonly folder: SandboxFolder;
  readonly seed: number;
  /** Ends a run of ffmpeg; nothing is left behind then. */
  readonly signal: AbortSignal;
}

/** The finished file of a recording. */
export interface MadeAudio {
  readonly sizeBytes: number;
  readonly sha256: Sha256Hex;
}

const ENCODE_TIMEOUT_MS = 120_000;
const EXACT = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"] as const;
/** The least effort that both lossy encoders offer with fair quality: this is the vendor's side, speed matters. */
const EFFORT: Readonly<Record<AudioFormat, readonly string[]>> = {
  mp3: ["-compression_level", "9"],
  wav: [],
  opus: ["-compression_level", "2"],
};

/**
 * Composes the audio of a recording, encodes it as its row says and gives it its final name. The same row and
 * seed give the same bytes with the same ffmpeg, which WAV does without.
 *
 * @throws {FfmpegFailedError} it could not be encoded; nothing is left behind.
 * @throws {StorageFullError} no space left.
 */
export async function makeRecording(studio: Studio, recording: EndedRecording): Promise<MadeAudio> {
  const { folder } = studio;
  const encoded = new StagedFile(folder.stagingFolder, recording.recordingId);
  try {
    const random = new SeededRandom(`${studio.seed}/audio/${recording.recordingId}`);
    const call = composeCall(await studio.speech(), { ...recording, ...recording.end }, random);
    if (recording.format === "wav") await writeFile(encoded.path, toWav(call, recording));
    else await encode(studio, call, { recording, path: encoded.path });
    const made = { sizeBytes: (await stat(encoded.path)).size, sha256: await hashFile(encoded.path) };
    await encoded.commit(folder.audioFile(recording), { overwrite: true });
    return made;
  } finally {
    await encoded.discard();
  }
}

async function encode(
  { ffmpeg, folder, signal }: Studio,
  call: Int16Array,
  { recording, path }: { recording: StoredRecording; path: string },
): Promise<void> {
  const samples = new StagedFile(folder.stagingFolder, `${recording.recordingId}.pcm`);
  try {
    await writeFile(samples.path, new Uint8Array(call.buffer));
    const args = [...toInputArguments(samples.path, recording), ...toOutputArguments(path, recording)];
    await runFfmpeg(ffmpeg, args, { signal, timeoutMs: ENCODE_TIMEOUT_MS });
  } finally {
    await samples.discard();
  }
}

function toInputArguments(path: string, { channels }: StoredRecording): readonly string[] {
  return ["-f", "s16le", "-ar", String(SPEECH_RATE_HZ), "-ac", String(channels), "-i", path];
}

function toOutputArguments(path: string, { format, bitrateKbps, sampleRateHz }: StoredRecording): readonly string[] {
  const { encoder, bitrateKbps: choosable } = PROFILES[format];
  const bitrate = choosable === undefined ? [] : ["-b:a", `${bitrateKbps}k`];
  return [...EXACT, "-c:a", encoder, ...bitrate, ...EFFORT[format], "-ar", String(sampleRateHz), "-f", format, path];
}

async function hashFile(path: string): Promise<Sha256Hex> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return parseSha256(hash.digest("hex"));
}
