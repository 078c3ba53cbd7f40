import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Outputs, Subject } from "./harness/benchmark.ts";
import { parseChecksumList } from "./harness/checksum-list.ts";
import { assertSameOutputs } from "./harness/compare-outputs.ts";
import { hashFolder } from "./harness/hash-folder.ts";
import type { Workspace } from "./harness/workspace.ts";

/** The settings of the targets, written down here once more: if Holdfast's own change, the bytes will differ. */
const ENCODERS = {
  wav: "-c:a pcm_s16le",
  mp3: "-c:a libmp3lame -b:a 64k -compression_level 3 -id3v2_version 0",
  opus: "-c:a libopus -b:a 32k -vbr constrained -compression_level 10",
} as const;
const EXACT = "-map_metadata -1 -flags:a +bitexact -fflags +bitexact";
const MUXERS = { wav: "wav", mp3: "mp3", opus: "ogg" } as const;

/** What a call is made before it is encoded: both parties in equal parts on one channel, at 16 kHz. */
export const MIX = "-map 0:a:0 -af pan=mono|c0=0.5*c0+0.5*c1,asettb=1/sr,asetpts=N -ac 1 -ar 16000".split(" ");

export type Target = keyof typeof ENCODERS;

/** The calls, and where what is made of them goes. */
export interface ConvertScene {
  /** The folder of the calls. */
  readonly inputs: string;
  readonly fileNames: readonly string[];
  /** The same names, one a line. */
  readonly list: string;
  readonly ffmpegPath: string;
  readonly cores: number;
  readonly workspace: Workspace;
}

/** One ffmpeg a call, as many at once as there are cores, with no check but their exit status. */
export function toXargsPeer(target: Target, { inputs, list, ffmpegPath, cores, workspace }: ConvertScene): Subject {
  const folder = workspace.path("xargs");
  const settings = [...MIX, ...toEncoderArguments(target)];
  const encode = ["-nostdin", "-v", "error", "-i", `${inputs}/{}`, ...settings, `{}.${target}`];
  return {
    name: `xargs -P${cores} ffmpeg`,
    description: `xargs -P${cores} -I{} ffmpeg -nostdin -v error -i CALLS/{} ${settings.join(" ")} {}.${target}`,
    programs: ["xargs"],
    commandLine: { argv: ["xargs", "-a", list, `-P${cores}`, "-I{}", ffmpegPath, ...encode], folder },
    clear: () => workspace.setAside(folder),
    outputs: async () => byCall(await hashFolder(folder), [target]),
  };
}

/** ffprobe's view of each target. It says 48000 Hz of any Opus, so the rate is not asked for. */
const PROBED = { wav: "pcm_s16le,1", mp3: "mp3,1", opus: "opus,1" };

/** A script that gives the guarantees that Holdfast gives, for one call a process, as many at once as there are cores. */
export async function openScriptPeer(target: Target, scene: ConvertScene): Promise<Subject> {
  const { inputs, list, ffmpegPath, cores, workspace } = scene;
  const folder = workspace.path("script");
  const path = workspace.path(`checked-${target}.sh`);
  const quoted = [...MIX, ...toEncoderArguments(target)].map((argument) => `'${argument}'`).join(" ");
  const steps = [
    `sha256sum "${inputs}/$1"`,
    `[ -z "$('${ffmpegPath}' -nostdin -v error -i "${inputs}/$1" ${quoted} "$1.${target}" 2>&1)" ]`,
    `[ "$(ffprobe -v error -show_entries stream=codec_name,channels -of csv=p=0 "$1.${target}" 2>&1)" = ${PROBED[target]} ]`,
    `[ -z "$('${ffmpegPath}' -nostdin -v error -i "$1.${target}" -f null - 2>&1)" ]`,
    `sha256sum "$1.${target}"`,
  ];
  await writeFile(path, `set -e\n${steps.join("\n")}\n`);
  return {
    name: "xargs script",
    description: `xargs -P${cores} -n1 sh: sha256sum of the source, ffmpeg without a message, ffprobe, full decode without a message, sha256sum of the output`,
    programs: ["xargs", "sha256sum", "ffprobe"],
    commandLine: { argv: ["xargs", "-a", list, `-P${cores}`, "-n1", "/bin/sh", path], folder },
    clear: () => workspace.setAside(folder),
    outputs: async (ended) => {
      const digests = byCall(await hashFolder(folder), [target]);
      const printed = [...parseChecksumList(ended.stdout)].filter(([name]) => !name.startsWith(inputs));
      assertSameOutputs("the digests that sha256sum printed", byCall(new Map(printed), [target]), digests);
      return digests;
    },
  };
}

/**
 * One ffmpeg that encodes all calls, which have been decoded, mixed and resampled for it: the codec and hardly anything
 * else. Holdfast's CPU time divided by its is the inverse of the share that the codec has.
 *
 * @param pcmFolder - What `decodeCalls` made.
 */
export function toCodecPeer(
  target: Target,
  pcmFolder: string,
  { fileNames, ffmpegPath, workspace }: ConvertScene,
): Subject {
  const folder = workspace.path("codec");
  const inputs = fileNames.flatMap((name) => ["-i", `${pcmFolder}/${name}.nut`]);
  const outputs = fileNames.flatMap((name, index) => [
    ...["-map", `${index}:a:0`],
    ...toEncoderArguments(target),
    `${name}.${target}`,
  ]);
  return {
    name: "codec alone",
    description: `ffmpeg -nostdin -v error -i PCM… ${toEncoderArguments(target).join(" ")}…: one process, from decoded, mixed and resampled PCM`,
    programs: [],
    commandLine: { argv: [ffmpegPath, "-nostdin", "-v", "error", ...inputs, ...outputs], folder },
    clear: () => workspace.setAside(folder),
    outputs: async () => byCall(await hashFolder(folder), [target]),
  };
}

/** Gives the digests of the outputs by call and format: each subject names them in a way of its own, and keeps records. */
export function byCall(digests: Outputs, targets: readonly Target[]): Map<string, string> {
  return new Map(
    [...digests].flatMap(([path, digest]) => {
      const target = targets.find((extension) => path.endsWith(`.${extension}`));
      const call = basename(path).split(".", 1)[0];
      return target === undefined ? [] : [[`${call}.${target}`, digest] as const];
    }),
  );
}

function toEncoderArguments(target: Target): readonly string[] {
  return `${ENCODERS[target]} ${EXACT} -f ${MUXERS[target]}`.split(" ");
}
