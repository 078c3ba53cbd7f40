import { findFfmpeg } from "../harness/ffmpeg.ts";
import { Workspace } from "../harness/workspace.ts";
import { type EffortRow, measureEffort } from "./effort.ts";
import { makeMaterial } from "./material.ts";
import { measureSizes, type SizeRow } from "./sizes.ts";

const ROUNDS = 5;
const USAGE = "tsx benchmarks/quality/run.ts effort [RECORDING…] | sizes";

/** Measures what `docs/profiles.md` has in its tables, and prints them as they stand there. */
async function main([what, ...recordings]: readonly string[], signal: AbortSignal): Promise<number> {
  if (what !== "effort" && (what !== "sizes" || recordings.length > 0)) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const { path: ffmpegPath, version } = await findFfmpeg();
  const workspace = await Workspace.create(what);
  try {
    const lines =
      what === "sizes"
        ? toSizeLines(await measureSizes({ ffmpegPath, workspace, signal }))
        : toEffortLines(await tryEfforts({ recordings, ffmpegPath, workspace, signal }));
    process.stdout.write(`ffmpeg ${version}\n\n${lines.join("\n")}\n`);
    return 0;
  } finally {
    await workspace.remove();
  }
}

interface EffortRequest {
  readonly recordings: readonly string[];
  readonly ffmpegPath: string;
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
}

async function tryEfforts({ recordings, ...place }: EffortRequest): Promise<readonly EffortRow[]> {
  const material = await makeMaterial(place.workspace.path("material"), recordings, place.ffmpegPath);
  const seconds = material.reduce((sum, { seconds: each }) => sum + each, 0);
  const onStep = (step: string) => process.stderr.write(`${step}\n`);
  onStep(`${Math.round(seconds)} s of speech`);
  return measureEffort({ ...place, material, rounds: ROUNDS, onStep });
}

function toEffortLines(rows: readonly EffortRow[]): readonly string[] {
  return [
    "| encoder | level | CPU seconds per hour | spectral distance, dB | segmental SNR, dB |",
    "|---|---|---:|---:|---:|",
    ...rows.map(({ setting, levels, cpuSecondsPerHour, likeness }) => {
      const figures = [
        cpuSecondsPerHour.toFixed(1),
        likeness.logSpectralDistanceDb.toFixed(2),
        likeness.segmentalSnrDb.toFixed(1),
      ];
      return `| ${[setting, levels.join(", "), ...figures].join(" | ")} |`;
    }),
  ];
}

function toSizeLines(rows: readonly SizeRow[]): readonly string[] {
  const kinds = Object.keys(rows[0]?.bytesPerMinute ?? {});
  return [
    `| profile | ${kinds.join(" | ")} |`,
    `|---|${kinds.map(() => "---:").join("|")}|`,
    ...rows.map(({ profile, bytesPerMinute }) => {
      const figures = kinds.map((kind) => (bytesPerMinute[kind] ?? 0).toLocaleString("en-GB"));
      return `| \`${profile}\` | ${figures.join(" | ")} |`;
    }),
  ];
}

const interrupting = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => interrupting.abort());
try {
  process.exitCode = await main(process.argv.slice(2), interrupting.signal);
} catch (error) {
  if (!interrupting.signal.aborted) throw error;
  process.exitCode = 130;
}
