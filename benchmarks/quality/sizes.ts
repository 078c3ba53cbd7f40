import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";
import type { AudioFormat } from "../../src/core/audio-format.ts";
import { type ProfileChoice, toProfile, toProfileName } from "../../src/core/profile.ts";
import { toConvertArguments } from "../../src/ffmpeg/arguments.ts";
import { repositoryPath } from "../harness/repository.ts";
import type { Workspace } from "../harness/workspace.ts";

const run = promisify(execFile);

/** So long that headers are nothing beside the audio. */
const MINUTES = 5;

const TARGETS: readonly (readonly [AudioFormat, ProfileChoice])[] = [
  ["mp3", {}],
  ["mp3", { sampleRateHz: 8000 }],
  ["wav", {}],
  ["wav", { sampleRateHz: 8000 }],
  ["opus", {}],
  ["opus", { cbr: true }],
  ["opus", { sampleRateHz: 48000 }],
  ["opus", { sampleRateHz: 48000, cbr: true }],
  ["opus", { sampleRateHz: 8000 }],
  ["opus", { sampleRateHz: 8000, cbr: true }],
  ["opus", { effort: "fast" }],
];

const speech = (name: string) => ["-stream_loop", "-1", "-i", repositoryPath(`fixtures/speech/${name}.flac`)];
/** One party, with the other's turns as digital silence; the samples are counted anew where the speech is repeated. */
const toLeg = (input: number) => `[${input}:a:0]pan=mono|c0=c0,asetpts=N/SR/TB`;
const toBoth = (input: number) => `[${input}:a:0]pan=mono|c0=0.5*c0+0.5*c1,asetpts=N/SR/TB`;

/** What is encoded: how sizes of a variable rate depend on it. */
const KINDS = [
  {
    name: "both talk at once",
    args: [
      ...speech("order"),
      ...speech("support-desk"),
      "-filter_complex",
      `${toBoth(0)}[a];${toBoth(1)}[b];[a][b]amix`,
    ],
  },
  { name: "one leg, half silent", args: [...speech("order"), "-filter_complex", toLeg(0)] },
  {
    name: "one leg, noisy line",
    args: [
      ...speech("order"),
      "-filter_complex",
      `anoisesrc=color=pink:amplitude=0.01:sample_rate=16000:seed=1[n];${toLeg(0)}[a];[a][n]amix`,
    ],
  },
  { name: "silence", args: ["-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono"] },
] as const;

/** Bytes a minute of one profile, for each kind of material. */
export interface SizeRow {
  readonly profile: string;
  readonly bytesPerMinute: Readonly<Record<string, number>>;
}

/** With what, and where. */
export interface SizeOptions {
  readonly ffmpegPath: string;
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
}

/** Converts each kind of material to each target with Holdfast's own arguments, and gives how large the files are. */
export async function measureSizes({ ffmpegPath, workspace, signal }: SizeOptions): Promise<readonly SizeRow[]> {
  const bytes = new Map(TARGETS.map((target) => [target, {} as Record<string, number>]));
  for (const { name, args } of KINDS) {
    const path = workspace.path(`${name}.wav`);
    const cut = ["-t", `${MINUTES * 60}`, "-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le"];
    await run(ffmpegPath, ["-nostdin", "-v", "error", ...args, ...cut, path], { signal });
    const targets = TARGETS.map((target) => {
      const profile = toProfile(...target);
      const output = workspace.path(`${name}.${toProfileName(profile)}`);
      return { target, output: { path: output, profile, filter: undefined } };
    });
    const source = { path, demuxer: "wav" as const, targets: targets.map(({ output }) => output) };
    await run(ffmpegPath, ["-nostdin", "-v", "error", ...toConvertArguments([source])], { signal });
    for (const { target, output } of targets) {
      const { size } = await stat(output.path);
      (bytes.get(target) ?? {})[name] = Math.round(size / MINUTES);
    }
  }
  return [...bytes].map(([target, bytesPerMinute]) => ({
    profile: toProfileName(toProfile(...target)),
    bytesPerMinute,
  }));
}
