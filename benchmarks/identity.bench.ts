import { stat } from "node:fs/promises";
import type { Benchmark, BenchmarkContext, Case, Ended, OpenBenchmark, Outputs, Subject } from "./harness/benchmark.ts";
import { parseChecksumList } from "./harness/checksum-list.ts";
import { repositoryPath } from "./harness/repository.ts";
import { FORMATS, type Format, writeLongRecording } from "./identity-inputs.ts";

const FULL = { bytesEach: 200_000_000, passes: 5 };
const SMOKE = { bytesEach: 2_000_000, passes: 2 };

/**
 * The identity of long recordings, on one core: against ffmpeg's packet hash with sha256sum, and against the limit that
 * two sha256 sums over the same bytes set. A run reads its file several times, so that starting is little of it: the
 * megabytes a second are `passes` × the size in the case's name / the wall seconds.
 */
export const identityBenchmark: Benchmark = {
  name: "identity",
  description: "identity of wav, mp3 and opus against ffmpeg -f streamhash with sha256sum, and against two sha256 sums",
  rounds: 5,
  open,
};

/** One input and how often it is read. */
interface Scene {
  readonly path: string;
  readonly folder: string;
  readonly passes: number;
}

async function open({ workspace, smoke }: BenchmarkContext): Promise<OpenBenchmark> {
  const { bytesEach, passes } = smoke ? SMOKE : FULL;
  const cases: Case[] = [];
  for (const format of Object.keys(FORMATS) as readonly Format[]) {
    const path = workspace.path(`long.${format}`);
    await writeLongRecording(path, format, bytesEach);
    const megabytes = (await stat(path)).size / 1e6;
    const scene = { path, folder: workspace.path("work"), passes };
    cases.push(...toCases(`${format}, ${passes} × ${megabytes.toFixed(1)} MB`, scene));
  }
  return {
    parameters: { bytesEach, passes, cores: 1, inputs: "speech, repeated with its headers, counts and checksums" },
    cases,
    close: async () => undefined,
  };
}

function toCases(name: string, scene: Scene): readonly Case[] {
  const trials: Case["trials"] = [
    { name: "digests", succeeds: true, expected: undefined, arrange: async () => async () => undefined },
  ];
  const identity = toIdentitySubject(scene);
  const fileOnly = { ...identity, outputs: async (ended: Ended) => onlyFile(await identity.outputs(ended)) };
  return [
    { name, trials, subjects: [identity, toFfmpegSubject(scene)] },
    { name: `${name}, the limit`, trials, subjects: [fileOnly, toLimitSubject(scene)] },
  ];
}

/** Runs a module's text with Node on one core. */
function toNodeArgv(text: string, { path, passes }: Scene): readonly [string, ...string[]] {
  const module = text.replaceAll("PASSES", `${passes}`).replaceAll("FILE", JSON.stringify(path));
  return ["taskset", "-c", "0", process.execPath, "--input-type=module", "-e", module];
}

const toImport = (path: string) => JSON.stringify(repositoryPath(path));

const IDENTIFY = `
import { identify } from ${toImport("dist/audio/identify.js")};
import { readFileChunks } from ${toImport("dist/io/read-file.js")};
for (let pass = 0; pass < PASSES; pass += 1) {
  const { sha256, packetSha256 } = await identify(readFileChunks(FILE));
  console.log(sha256 + "  file\\n" + packetSha256 + "  packets");
}`;

const TWO_SUMS = `
import { createHash } from "node:crypto";
import { readFileChunks } from ${toImport("dist/io/read-file.js")};
for (let pass = 0; pass < PASSES; pass += 1) {
  const [one, other] = [createHash("sha256"), createHash("sha256")];
  for await (const chunk of readFileChunks(FILE)) {
    one.update(chunk);
    other.update(chunk);
  }
  if (one.digest("hex") !== other.copy().digest("hex")) throw new Error("sums differ");
  console.log(other.digest("hex") + "  file");
}`;

function toIdentitySubject(scene: Scene): Subject {
  return {
    name: "holdfast",
    description: "taskset -c 0 node: identify(readFileChunks(FILE)): both digests and the structure, in one pass",
    programs: ["taskset"],
    commandLine: { argv: toNodeArgv(IDENTIFY, scene), folder: scene.folder },
    clear: async () => undefined,
    outputs: async ({ stdout }) => parseChecksumList(stdout),
  };
}

function toLimitSubject(scene: Scene): Subject {
  return {
    name: "two sha256 sums",
    description: "taskset -c 0 node: two node:crypto sha256 sums over all bytes of FILE, and nothing else",
    programs: ["taskset"],
    commandLine: { argv: toNodeArgv(TWO_SUMS, scene), folder: scene.folder },
    clear: async () => undefined,
    outputs: async ({ stdout }) => parseChecksumList(stdout),
  };
}

function toFfmpegSubject({ path, folder, passes }: Scene): Subject {
  const packets = `ffmpeg -nostdin -v error -i '${path}' -map 0:a:0 -c copy -f streamhash -hash sha256 -`;
  const steps = `for pass in $(seq ${passes}); do ${packets} && sha256sum '${path}' || exit 1; done`;
  return {
    name: "ffmpeg, sha256sum",
    description: `taskset -c 0 sh: ${steps}`.replaceAll(`'${path}'`, "FILE"),
    programs: ["taskset", "ffmpeg", "sha256sum", "seq"],
    commandLine: { argv: ["taskset", "-c", "0", "/bin/sh", "-c", steps], folder },
    clear: async () => undefined,
    outputs: async ({ stdout }) => toDigests(stdout),
  };
}

/** Reads the lines of both programs: `0,a,SHA256=…` and `…  path`. */
function toDigests(stdout: string): Outputs {
  const packets = /SHA256=([0-9a-f]{64})/i.exec(stdout)?.[1] ?? "";
  const file = /^([0-9a-f]{64}) {2}/m.exec(stdout)?.[1] ?? "";
  return new Map([
    ["file", file],
    ["packets", packets.toLowerCase()],
  ]);
}

function onlyFile(outputs: Outputs): Outputs {
  return new Map([...outputs].filter(([name]) => name === "file"));
}
