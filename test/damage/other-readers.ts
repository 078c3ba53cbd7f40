import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inFolder } from "./ffmpeg.ts";

/** What other programs say of a file; undefined where one does not read it. */
export interface OtherFacts {
  readonly packets: number | undefined;
  readonly channels: number | undefined;
  /** Of a WAV or MP3; every Opus is played at 48 kHz. */
  readonly sampleRateHz: number | undefined;
  /** Samples of each channel that ffmpeg decodes at that rate. */
  readonly decodedSamples: number | undefined;
  readonly opus: { readonly seconds: number; readonly channels: number; readonly inputRateHz: number } | undefined;
  readonly sox: { readonly samples: number; readonly channels: number; readonly sampleRateHz: number } | undefined;
}

/** Asks ffprobe, ffmpeg, opusinfo and soxi, as far as they are on PATH. */
export function askOthers(path: string): OtherFacts {
  const stream = readProbe(path);
  const { sample_rate, channels, nb_read_packets } = stream;
  return {
    packets: toNumber(nb_read_packets),
    channels: toNumber(channels),
    sampleRateHz: toNumber(sample_rate),
    decodedSamples: countDecoded(path, toNumber(channels)),
    opus: path.endsWith(".wav") || path.endsWith(".mp3") ? undefined : readOpusinfo(path),
    sox: path.endsWith(".wav") ? readSoxi(path) : undefined,
  };
}

/** Names the programs that are there with their versions, and those that are not. */
export function describeOthers(): readonly string[] {
  const ffprobe = words("ffprobe", ["-version"])?.split(" ")[2];
  const sox = words("soxi", [])?.match(/SoX v(\S+)/)?.[1];
  const hasOpusinfo = words("opusinfo", ["-h"]) !== undefined;
  const opusTools = words("opusenc", ["--version"])?.match(/opus-tools (\S+)/)?.[1];
  return [
    `ffprobe and ffmpeg ${ffprobe ?? "(missing)"}`,
    hasOpusinfo ? `opusinfo of opus-tools ${opusTools ?? "(of unknown version)"}` : "opusinfo (missing)",
    `soxi of SoX ${sox ?? "(missing)"}`,
  ];
}

/** Runs a program to its end; undefined when it is not on PATH. */
function ask(program: string, args: readonly string[]) {
  const { stdout, stderr, status, error } = spawnSync(program, args, { encoding: "utf8", maxBuffer: 1 << 26 });
  return error === undefined ? { stdout, stderr, status } : undefined;
}

function words(program: string, args: readonly string[]): string | undefined {
  const asked = ask(program, args);
  return asked && `${asked.stdout}${asked.stderr}`;
}

function readProbe(path: string): Readonly<Record<string, string | number>> {
  const entries = "stream=sample_rate,channels,nb_read_packets";
  const shown = ["-v", "error", "-count_packets", "-select_streams", "a:0", "-show_entries", entries, "-of", "json"];
  const stdout = ask("ffprobe", [...shown, path])?.stdout ?? "";
  return stdout === "" ? {} : (JSON.parse(stdout).streams?.[0] ?? {});
}

function countDecoded(path: string, channels = 1): number | undefined {
  return inFolder((folder) => {
    const raw = join(folder, "raw");
    const asked = ask("ffmpeg", ["-v", "error", "-nostdin", "-i", path, "-map", "0:a:0", "-f", "s16le", raw]);
    return asked?.status === 0 ? readFileSync(raw).length / 2 / channels : undefined;
  });
}

function readOpusinfo(path: string): OtherFacts["opus"] {
  const text = words("opusinfo", [path]) ?? "";
  const length = /Playback length: (?:(\d+)h:)?(\d+)m:([\d.]+)s/.exec(text);
  const [, hours = "0", minutes = "0", seconds = "0"] = length ?? [];
  if (length === null) return undefined;
  return {
    seconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
    channels: Number(/Channels: (\d+)/.exec(text)?.[1]),
    inputRateHz: Number(/Original sample rate: (\d+)/.exec(text)?.[1]),
  };
}

function readSoxi(path: string): OtherFacts["sox"] {
  const [samples, channels, sampleRateHz] = ["-s", "-c", "-r"].map((flag) =>
    toNumber(words("soxi", [flag, path])?.trim()),
  );
  if (samples === undefined || channels === undefined || sampleRateHz === undefined) return undefined;
  return { samples, channels, sampleRateHz };
}

function toNumber(text: string | number | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || text === "" || Number.isNaN(value) ? undefined : value;
}
