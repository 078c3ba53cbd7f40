import { readFile } from "node:fs/promises";
import { sha256 } from "../harness/hash-folder.ts";
import { measure } from "../harness/measure.ts";
import { toSpread } from "../harness/statistics.ts";
import type { Workspace } from "../harness/workspace.ts";
import { compareSound, type Likeness } from "./likeness.ts";
import { decode, type Material, SAMPLE_RATE_HZ } from "./material.ts";

const OPUS_LEVELS = [0, 2, 3, 5, 6, 7, 8, 9, 10];
const MP3_LEVELS = [0, 2, 3, 5, 6, 7, 8, 9];
const EXACT = ["-flags:a", "+bitexact", "-fflags", "+bitexact"];
/** Starting, reading and writing without an encoder: what every run costs. */
const NO_ENCODER = ["-c:a", "pcm_s16le", "-f", "wav"];

/** One encoder at one bitrate, and the levels of effort that it is tried at. */
const SETTINGS = [
  { name: "opus 32k", levels: OPUS_LEVELS, options: toOpusOptions(32) },
  { name: "opus 16k", levels: OPUS_LEVELS, options: toOpusOptions(16) },
  { name: "mp3 64k", levels: MP3_LEVELS, options: toMp3Options(64) },
  { name: "mp3 32k", levels: MP3_LEVELS, options: toMp3Options(32) },
];

function toOpusOptions(kbps: number): readonly string[] {
  return ["-c:a", "libopus", "-b:a", `${kbps}k`, "-vbr", "constrained", ...EXACT, "-f", "ogg"];
}

function toMp3Options(kbps: number): readonly string[] {
  return ["-c:a", "libmp3lame", "-b:a", `${kbps}k`, "-id3v2_version", "0", ...EXACT, "-f", "mp3"];
}

/** What levels that give the same bytes cost and give. */
export interface EffortRow {
  readonly setting: string;
  readonly levels: readonly number[];
  /** User and system time of the encoder alone. */
  readonly cpuSecondsPerHour: number;
  readonly likeness: Pick<Likeness, "logSpectralDistanceDb" | "segmentalSnrDb">;
}

/** One of the levels that give the same bytes, and how it is asked for. */
interface EffortSubject extends Omit<EffortRow, "cpuSecondsPerHour"> {
  readonly levels: number[];
  readonly args: readonly string[];
}

/** What is encoded, with what, and how often. */
export interface EffortOptions {
  readonly material: readonly Material[];
  readonly ffmpegPath: string;
  readonly rounds: number;
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
  readonly onStep: (step: string) => void;
}

/** Encodes the material at every level; levels take turns, round by round, and each figure is the median of its rounds. */
export async function measureEffort(options: EffortOptions): Promise<readonly EffortRow[]> {
  const subjects = await findDifferent(options);
  const hours = options.material.reduce((sum, { seconds }) => sum + seconds, 0) / 3600;
  const cpuSeconds = subjects.map((): number[] => []);
  const idleSeconds: number[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    options.onStep(`round ${round} of ${options.rounds}`);
    idleSeconds.push((await encodeAll(NO_ENCODER, options)).cpuSeconds);
    for (const [index, { args }] of subjects.entries()) {
      cpuSeconds[index]?.push((await encodeAll(args, options)).cpuSeconds);
    }
  }
  const idle = toSpread(idleSeconds).median;
  return subjects.map(({ setting, levels, likeness }, index) => {
    const cpuSecondsPerHour = (toSpread(cpuSeconds[index] ?? []).median - idle) / hours;
    return { setting, levels, cpuSecondsPerHour, likeness };
  });
}

/** Encodes once at each level, and keeps one of those whose bytes are the same. */
async function findDifferent(options: EffortOptions): Promise<readonly EffortSubject[]> {
  const subjects = new Map<string, EffortSubject>();
  for (const { name, levels, options: encoder } of SETTINGS) {
    for (const level of levels) {
      options.onStep(`${name}, level ${level}`);
      const args = ["-compression_level", `${level}`, ...encoder];
      const { paths } = await encodeAll(args, options);
      const digests = await Promise.all(paths.map(async (path) => sha256(await readFile(path))));
      const key = [name, ...digests].join();
      const same = subjects.get(key);
      if (same !== undefined) same.levels.push(level);
      else subjects.set(key, { setting: name, levels: [level], args, likeness: await compareAll(paths, options) });
    }
  }
  return [...subjects.values()];
}

async function encodeAll(args: readonly string[], { material, ffmpegPath, workspace, signal }: EffortOptions) {
  const folder = workspace.path("encoded");
  const paths: string[] = [];
  let cpuSeconds = 0;
  for (const [index, { path }] of material.entries()) {
    const output = workspace.path("encoded", `${index}`);
    const argv = [ffmpegPath, "-nostdin", "-v", "error", "-y", "-i", path, ...args, output] as const;
    const { ended, figures } = await measure({ argv, folder }, { logFolder: workspace.root, signal });
    if (ended.exitCode !== 0) throw new Error(`ffmpeg ended with status ${ended.exitCode}: ${ended.stderr.trim()}`);
    cpuSeconds += figures.cpuSeconds;
    paths.push(output);
  }
  return { paths, cpuSeconds };
}

/** The mean over all frames of all material. */
async function compareAll(
  paths: readonly string[],
  { material, ffmpegPath }: EffortOptions,
): Promise<EffortRow["likeness"]> {
  const sums = { frames: 0, logSpectralDistanceDb: 0, segmentalSnrDb: 0 };
  for (const [index, { samples }] of material.entries()) {
    const likeness = compareSound(samples, await decode(paths[index] ?? "", ffmpegPath), SAMPLE_RATE_HZ);
    sums.frames += likeness.frames;
    sums.logSpectralDistanceDb += likeness.logSpectralDistanceDb * likeness.frames;
    sums.segmentalSnrDb += likeness.segmentalSnrDb * likeness.frames;
  }
  return {
    logSpectralDistanceDb: sums.logSpectralDistanceDb / sums.frames,
    segmentalSnrDb: sums.segmentalSnrDb / sums.frames,
  };
}
