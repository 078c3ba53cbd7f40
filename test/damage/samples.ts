import { readdirSync, readFileSync } from "node:fs";
import type { AudioFormat } from "../../src/core/audio-format.ts";
import { mapAudio } from "./audio-map.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import type { Sample } from "./make-damage.ts";

const FIXTURES = new URL("../../fixtures/", import.meta.url);

/** What is made of the joined dialogues: the format and how it is encoded. */
const GENERATED: readonly (readonly [string, AudioFormat, string])[] = [
  ["speech-pcm-16000.wav", "wav", "-ac 1 -ar 16000 -c:a pcm_s16le"],
  ["speech-alaw-8000-2ch.wav", "wav", "-ac 2 -ar 8000 -c:a pcm_alaw"],
  ["speech-64k-16000.mp3", "mp3", "-ac 1 -ar 16000 -c:a libmp3lame -b:a 64k"],
  ["speech-vbr-44100-2ch.mp3", "mp3", "-ac 2 -ar 44100 -c:a libmp3lame -q:a 6 -id3v2_version 0"],
  ["speech-no-count-16000.mp3", "mp3", "-ac 1 -ar 16000 -c:a libmp3lame -b:a 64k -write_xing 0 -id3v2_version 0"],
  ["speech-32k-48000.opus", "opus", "-ac 1 -ar 48000 -c:a libopus -b:a 32k"],
  ["speech-24k-16000-2ch.opus", "opus", "-ac 2 -ar 16000 -c:a libopus -b:a 24k -frame_duration 60"],
];

/** Reads the whole files of the fixtures. */
export function readFixtures(): readonly Sample[] {
  const folder = new URL("audio/ok/", FIXTURES);
  return readdirSync(folder).map((name) => {
    const format = (["wav", "mp3", "opus"] as const).find((ending) => name.endsWith(`.${ending}`));
    if (format === undefined) throw new Error(`no format: ${name}`);
    return toSample(name, format, readFileSync(new URL(name, folder)));
  });
}

/** Makes longer files of the fixtures' speech, so that a percent of a file and a block of it are worth something. */
export function makeSamples(seconds: number): readonly Sample[] {
  return GENERATED.map(([name, format, options]) => toSample(name, format, encodeSpeech(name, seconds, options)));
}

/** Encodes the joined dialogues with the embedded ffmpeg; the same bytes every time. */
export function encodeSpeech(name: string, seconds: number, options: string): Buffer {
  const speech = ["appointment", "order", "support-desk"].map(
    (one) => new URL(`speech/${one}.flac`, FIXTURES).pathname,
  );
  const inputs = speech.flatMap((path) => ["-i", path]);
  const exact = "-map_metadata -1 -fflags +bitexact -flags:a +bitexact".split(" ");
  const join = ["-filter_complex", "concat=n=3:v=0:a=1", "-t", `${seconds}`];
  return runFfmpeg(name, [...inputs, ...join, ...exact, ...options.split(" ")]);
}

function toSample(name: string, format: AudioFormat, bytes: Buffer): Sample {
  return { name, format, bytes, map: mapAudio(format, bytes) };
}
