import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Benchmark, BenchmarkContext, Case, OpenBenchmark, Outputs, Subject } from "./harness/benchmark.ts";
import { assertSameOutputs } from "./harness/compare-outputs.ts";
import { composeCalls, planCalls } from "./harness/compose-calls.ts";
import { findFfmpeg } from "./harness/ffmpeg.ts";
import { hashFolder } from "./harness/hash-folder.ts";
import { parseResults, toHoldfastArgv } from "./harness/holdfast.ts";
import type { Workspace } from "./harness/workspace.ts";

const FULL = { count: 60, shortestSeconds: 4, longestSeconds: 30 };
const SMOKE = { count: 6, shortestSeconds: 2, longestSeconds: 6 };

/** The documented settings, written down here once more: if Holdfast's own change, the bytes will differ. */
const SETTINGS = {
  wav: ["-c:a", "pcm_s16le", "-f", "wav"],
  mp3: ["-c:a", "libmp3lame", "-b:a", "64k", "-id3v2_version", "0", "-f", "mp3"],
  opus: ["-c:a", "libopus", "-b:a", "32k", "-vbr", "off", "-f", "ogg"],
} as const;
const COMMON = "-map 0:a:0 -map_metadata -1 -ac 1 -ar 16000 -flags:a +bitexact -fflags +bitexact".split(" ");

type Target = keyof typeof SETTINGS;

/** Converting calls of mixed length and format, against one ffmpeg a call, as many at once as there are cores. */
export const convertBenchmark: Benchmark = {
  name: "convert",
  description: "holdfast convert to wav, mp3 and opus against xargs -P ffmpeg with the same ffmpeg and settings",
  rounds: 5,
  open,
};

/** The inputs and where what is made of them goes. */
interface Scene {
  readonly inputs: string;
  /** Their names, one a line. */
  readonly list: string;
  readonly ffmpegPath: string;
  readonly cores: number;
  readonly workspace: Workspace;
}

async function open({ workspace, smoke, cores, signal }: BenchmarkContext): Promise<OpenBenchmark> {
  const set = smoke ? SMOKE : FULL;
  const calls = planCalls(set);
  const { path: ffmpegPath } = await findFfmpeg();
  const inputs = workspace.path("calls");
  await composeCalls(inputs, calls, { ffmpegPath, signal });
  const list = workspace.path("list");
  await writeFile(list, calls.map(({ fileName }) => `${fileName}\n`).join(""));
  const scene = { inputs, list, ffmpegPath, cores, workspace };
  return {
    parameters: {
      ...set,
      audioSeconds: calls.reduce((sum, { seconds }) => sum + seconds, 0),
      inputs: "wav, mp3 and opus in equal shares, stereo",
      outputs: "mono, 16 kHz",
    },
    cases: (["wav", "mp3", "opus"] as const).map((target) => toCase(target, scene)),
    close: async () => undefined,
  };
}

function toCase(target: Target, scene: Scene): Case {
  return {
    name: `to ${target}`,
    subjects: [toHoldfastSubject(target, scene), toFfmpegSubject(target, scene)],
    trials: [
      {
        name: "sha256 of every output",
        succeeds: true,
        expected: undefined,
      },
    ],
  };
}

function toHoldfastSubject(target: Target, { inputs, ffmpegPath, workspace }: Scene): Subject {
  const folder = workspace.path("holdfast");
  return {
    name: "holdfast",
    description: `holdfast convert CALLS --to ${target} --out OUT --json: source and output hashed and walked, length law, fsync`,
    programs: [],
    commandLine: {
      argv: toHoldfastArgv("convert", inputs, "--to", target, "--out", folder, "--ffmpeg", ffmpegPath),
      folder,
    },
    clear: () => workspace.setAside(folder),
    outputs: async (ended) => {
      const digests = byCall(await hashFolder(folder));
      const claimed = parseResults(ended).map(({ output }) => [output?.path ?? "", output?.sha256 ?? ""] as const);
      assertSameOutputs("the digests that holdfast reports", byCall(new Map(claimed)), digests);
      return digests;
    },
  };
}

function toFfmpegSubject(target: Target, { inputs, list, ffmpegPath, cores, workspace }: Scene): Subject {
  const folder = workspace.path("ffmpeg");
  const settings = [...COMMON, ...SETTINGS[target]];
  const encode = ["-nostdin", "-v", "error", "-i", `${inputs}/{}`, ...settings, `{}.${target}`];
  return {
    name: `xargs -P${cores} ffmpeg`,
    description: `xargs -P${cores} -I{} ffmpeg -nostdin -v error -i CALLS/{} ${settings.join(" ")} {}.${target}`,
    programs: ["xargs"],
    commandLine: { argv: ["xargs", "-a", list, `-P${cores}`, "-I{}", ffmpegPath, ...encode], folder },
    clear: () => workspace.setAside(folder),
    outputs: async () => byCall(await hashFolder(folder)),
  };
}

/** Both name their outputs after the call, each in a way of its own. */
function byCall(digests: Outputs): Map<string, string> {
  return new Map([...digests].map(([path, digest]) => [basename(path).split(".", 1)[0] ?? "", digest]));
}
