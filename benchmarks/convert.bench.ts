import { writeFile } from "node:fs/promises";
import {
  byCall,
  type ConvertScene,
  MIX,
  openScriptPeer,
  type Target,
  toCodecPeer,
  toXargsPeer,
} from "./convert-peers.ts";
import type { Benchmark, BenchmarkContext, Case, OpenBenchmark, Subject } from "./harness/benchmark.ts";
import { assertSameOutputs } from "./harness/compare-outputs.ts";
import { type CallSet, composeCalls, decodeCalls, planCalls } from "./harness/compose-calls.ts";
import { findFfmpeg } from "./harness/ffmpeg.ts";
import { hashFolder } from "./harness/hash-folder.ts";
import { parseResults, toHoldfastArgv } from "./harness/holdfast.ts";

const FULL = {
  mixed: { count: 60, shortestSeconds: 4, longestSeconds: 30 },
  short: { count: 400, shortestSeconds: 5, longestSeconds: 20 },
};
const SMOKE = {
  mixed: { count: 6, shortestSeconds: 2, longestSeconds: 6 },
  short: { count: 12, shortestSeconds: 1, longestSeconds: 2 },
};

/** Converting calls of all formats, against one ffmpeg a call, a careful script, the codec alone, and two runs for one. */
export const convertBenchmark: Benchmark = {
  name: "convert",
  description: "holdfast convert to wav, mp3 and opus against xargs -P ffmpeg with the same ffmpeg and settings",
  rounds: 5,
  open,
};

async function open(context: BenchmarkContext): Promise<OpenBenchmark> {
  const sets = context.smoke ? SMOKE : FULL;
  const mixed = await openScene("mixed", sets.mixed, context);
  const short = await openScene("short", sets.short, context);
  const pcmFolder = context.workspace.path("pcm");
  await decodeCalls(pcmFolder, mixed, { filter: MIX, signal: context.signal });
  return {
    parameters: {
      ...sets.mixed,
      audioSeconds: mixed.audioSeconds,
      shortCalls: `${sets.short.count} of ${sets.short.shortestSeconds} to ${sets.short.longestSeconds} s`,
      shortAudioSeconds: short.audioSeconds,
      inputs: "wav, mp3 and opus in equal shares, stereo",
      outputs: "mono, 16 kHz",
    },
    cases: [
      toCase("to wav", [toHoldfastSubject(["wav"], mixed), toXargsPeer("wav", mixed)]),
      await openEncodedCase("mp3", mixed, pcmFolder),
      await openEncodedCase("opus", mixed, pcmFolder),
      toCase("short calls to mp3", [toHoldfastSubject(["mp3"], short), toXargsPeer("mp3", short)]),
      toCase("to mp3 and opus", [toHoldfastSubject(["mp3", "opus"], mixed), toTwoRunsPeer(["mp3", "opus"], mixed)]),
    ],
    close: async () => undefined,
  };
}

async function openScene(name: string, set: CallSet, { workspace, cores, signal }: BenchmarkContext) {
  const calls = planCalls(set);
  const { path: ffmpegPath } = await findFfmpeg();
  const inputs = workspace.path(name);
  await composeCalls(inputs, calls, { ffmpegPath, signal });
  const fileNames = calls.map(({ fileName }) => fileName);
  const list = workspace.path(`${name}.list`);
  await writeFile(list, fileNames.map((fileName) => `${fileName}\n`).join(""));
  const audioSeconds = calls.reduce((sum, { seconds }) => sum + seconds, 0);
  return { inputs, fileNames, list, ffmpegPath, cores, workspace, audioSeconds };
}

async function openEncodedCase(target: Target, scene: ConvertScene, pcmFolder: string): Promise<Case> {
  const script = await openScriptPeer(target, scene);
  const peers = [toXargsPeer(target, scene), script, toCodecPeer(target, pcmFolder, scene)];
  return toCase(`to ${target}`, [toHoldfastSubject([target], scene), ...peers]);
}

function toCase(name: string, subjects: Case["subjects"]): Case {
  return { name, subjects, trials: [{ name: "sha256 of every output", succeeds: true, expected: undefined }] };
}

function toHoldfastSubject(targets: readonly Target[], scene: ConvertScene): Subject {
  const { workspace } = scene;
  const folder = workspace.path("holdfast");
  return {
    name: "holdfast",
    description: `holdfast convert CALLS --to ${targets.join()} --out OUT --json: source and output hashed and walked, length law, fsync`,
    programs: [],
    commandLine: { argv: toConvertArgv(targets, folder, scene), folder },
    clear: () => workspace.setAside(folder),
    outputs: async (ended) => {
      const digests = byCall(await hashFolder(folder), targets);
      const claimed = parseResults(ended).map(({ output }) => [output?.path ?? "", output?.sha256 ?? ""] as const);
      assertSameOutputs("the digests that holdfast reports", byCall(new Map(claimed), targets), digests);
      return digests;
    },
  };
}

/** Holdfast itself, once for each target. */
function toTwoRunsPeer(targets: readonly [Target, Target], scene: ConvertScene): Subject {
  const { workspace } = scene;
  const folder = workspace.path("twice");
  const [first, second] = targets.map((target) => toConvertArgv([target], folder, scene));
  return {
    name: "one run each",
    description: targets.map((target) => `holdfast convert CALLS --to ${target} --out OUT --json`).join(" && "),
    programs: [],
    commandLine: { argv: ["/bin/sh", "-c", [first, second].map(toShellWords).join(" && ")], folder },
    clear: () => workspace.setAside(folder),
    outputs: async () => byCall(await hashFolder(folder), targets),
  };
}

function toConvertArgv(targets: readonly Target[], folder: string, { inputs, ffmpegPath }: ConvertScene) {
  return toHoldfastArgv("convert", inputs, "--to", targets.join(), "--out", folder, "--ffmpeg", ffmpegPath);
}

function toShellWords(argv: readonly string[] = []): string {
  return argv.map((argument) => `'${argument}'`).join(" ");
}
