import { join } from "node:path";
import type { Archive } from "../../archive/archive.ts";
import { openArchive } from "../../compose.ts";
import { AUDIO_FORMATS } from "../../core/audio-format.ts";
import { toProfile } from "../../core/profile.ts";
import type { LargeReport, Outcome, RunReport } from "../../core/report.ts";
import { type RunEvent, RunLog, type RunOptions } from "../../core/run-log.ts";
import { Secret } from "../../core/secret.ts";
import { ThreadedCopier } from "../../export/copy/threaded-copier.ts";
import { planExport } from "../../export/export-plan.ts";
import { runExport } from "../../export/export-run.ts";
import type { PackageRequest } from "../../export/package-request.ts";
import type { Ffmpeg } from "../../ffmpeg/ffmpeg.ts";
import { locateConfinement } from "../../ffmpeg/locate-confinement.ts";
import { ThreadedLooker } from "../../fixity/look/threaded-looker.ts";
import { verifyArchive } from "../../fixity/verify-archive.ts";
import { planFetch } from "../../ingest/fetch-plan.ts";
import { runFetch, toVendorCall } from "../../ingest/fetch-run.ts";
import { readEventFile } from "../../ingest/read-events.ts";
import { isThere } from "../../io/is-there.ts";
import { openSandbox, type Sandbox } from "../../sandbox/open-sandbox.ts";
import { planArchiveConversion } from "../../transcode/archive-plan.ts";
import { runConvert } from "../../transcode/convert-run.ts";
import { chooseFfmpeg } from "../choose-ffmpeg.ts";
import type { Command, CommandContext } from "../command.ts";
import { type DemoStep, toDemoTable } from "../demo-table.ts";
import { type ExitCode, toExitCode } from "../exit-codes.ts";
import { openExportPorts } from "../export-ports.ts";
import { optionalString, refuseDryRun } from "../flags.ts";
import { loadOrMakeCustodian } from "../load-custodian.ts";
import { FULL_SPEED, NO_LIMITS, withFetchKit } from "../open-fetch.ts";
import { startProgress } from "../progress.ts";
import { printReport } from "../report-output.ts";
import { SANDBOX_API_KEY, SANDBOX_WEBHOOK_SECRET } from "./sandbox.ts";

/** The flags of `demo`. */
export interface DemoFlags {
  readonly directory: string;
}

/** Names the package. */
const DEMO_CASE = "demo-case";

const EVERYTHING = { holdCases: [], recordingIds: [], callIds: [], sinceMs: 0, untilMs: undefined };

const SEED = 1;
const SEED_CALLS = 24;

/** `holdfast demo` */
export const demoCommand: Command<DemoFlags> = {
  builder: (yargs) =>
    yargs.option("directory", {
      type: "string",
      requiresArg: true,
      default: "./holdfast-demo",
      describe: "Folder for all that the demo makes",
    }),

  toOptions: (argv) => {
    refuseDryRun(argv, "demo");
    return { directory: optionalString(argv, "directory") ?? "" };
  },

  run: async ({ directory }, context) => {
    const { output, clock, signal } = context;
    const { ffmpeg, reason } = await chooseFfmpeg(context);
    output.note(`ffmpeg ${ffmpeg.version} (${reason})`);
    output.note(`sandbox: making ${SEED_CALLS} recordings, or taking those of an earlier run`);
    const sandbox = await openSandbox({
      // A demo that is shown again after a month still has something to show.
      retentionDays: Number.POSITIVE_INFINITY,
      ...{ directory: join(directory, "sandbox"), ffmpeg, seed: SEED, seedCalls: SEED_CALLS, clock, signal },
      apiKey: new Secret(SANDBOX_API_KEY),
      webhookSecret: new Secret(SANDBOX_WEBHOOK_SECRET),
    });
    try {
      const custodian = await loadOrMakeCustodian(context);
      const archive = await openArchive(join(directory, "archive"), { clock, create: true, custodian });
      try {
        const steps = await runSteps({ archive, sandbox, ffmpeg, directory }, context);
        return printDemo(steps, { archive, directory }, context);
      } finally {
        await archive.close();
      }
    } finally {
      await sandbox.close();
    }
  },
};

interface DemoParts {
  readonly archive: Archive;
  readonly sandbox: Sandbox;
  readonly ffmpeg: Ffmpeg;
  readonly directory: string;
}

type Run = (options: RunOptions) => Promise<LargeReport<unknown>>;

async function runSteps(parts: DemoParts, context: CommandContext): Promise<readonly DemoStep[]> {
  const { archive, ffmpeg } = parts;
  const { cores, environment } = context;
  const confinement = await locateConfinement({ searchPath: environment["PATH"] ?? "", sandbox: false });
  const verify: Run = (options) => verifyAll(archive, options);
  const convert: Run = async (options) =>
    runConvert(await planOtherFormats(archive), { ...options, ffmpeg, confinement });
  const runs: readonly (readonly [string, number, Run])[] = [
    ["fetch", cores, (options) => fetchAll(parts, options, context)],
    ["verify", cores, verify],
    ["convert", cores, convert],
    ["verify", cores, verify],
    ["export", cores, (options) => exportAll(parts, options, context)],
  ];
  const steps: DemoStep[] = [];
  for (const [name, concurrency, run] of runs) {
    const step = await measure(name, { run, concurrency }, context);
    steps.push(step);
    if (step.report.outcome === "cancelled") break;
  }
  return steps;
}

/** The list says which recordings there are, the webhooks' checksums prove their bytes. */
async function fetchAll(
  { archive, sandbox, directory }: DemoParts,
  options: RunOptions,
  context: CommandContext,
): Promise<RunReport<unknown>> {
  const { baseUrl, apiKey, webhookSecret } = sandbox;
  const { events } = await readEventFile(join(directory, "sandbox", "events.ndjson"), webhookSecret);
  const config = { ...context.config, settings: { ...context.config.settings, baseUrl, auth: "token" as const } };
  return withFetchKit({ ...context, config }, { apiKey, speed: FULL_SPEED }, async (kit) => {
    const { patience, concurrency } = kit;
    const request = { filter: {}, events, recordingIds: [] };
    const asking = { concurrency, call: toVendorCall(patience), signal: options.signal };
    const plan = await planFetch({ archive, source: kit.source }, request, asking);
    return runFetch({ archive, ...kit }, plan, { ...options, ...patience, concurrency, limits: NO_LIMITS });
  });
}

async function verifyAll(archive: Archive, { concurrency, ...options }: RunOptions): Promise<LargeReport<unknown>> {
  const looker = new ThreadedLooker({ readers: concurrency, maxBytesPerSecond: undefined });
  try {
    return await verifyArchive(archive, { ...options, looker, level: "digest", request: "demo" });
  } finally {
    await looker.close();
  }
}

/** All of it as a package for the other side; that of an earlier run stands for itself. */
async function exportAll(
  { archive, directory }: DemoParts,
  options: RunOptions,
  context: CommandContext,
): Promise<LargeReport<unknown>> {
  const { actor, key } = await loadOrMakeCustodian(context);
  const request: PackageRequest = {
    ...{ case: DEMO_CASE, organisation: "Holdfast demo", madeBy: actor, outFolder: directory, form: "dir" },
    ...{ loadFile: "csv", signer: { key, identity: actor }, stamp: undefined },
  };
  if (await isThere(join(directory, DEMO_CASE))) return toAlready(options);
  const copier = new ThreadedCopier(options.concurrency);
  try {
    const plan = await planExport({ archive }, { selection: EVERYTHING, paths: [], batesPrefix: undefined });
    const ports = await openExportPorts({ archive, copier, request, listeningFormat: "mp3" }, context);
    return await runExport(plan, request, ports, options);
  } finally {
    await copier.close();
  }
}

function toAlready(options: RunOptions): LargeReport<unknown> {
  const log = new RunLog<unknown>(options);
  log.planned(1, []);
  log.ended({ type: "skipped", result: { subject: DEMO_CASE, status: "already" } });
  return log.toReport("completed");
}

/** Every recording to the two formats that it is not in. */
function planOtherFormats(archive: Archive) {
  return planArchiveConversion(archive, {
    select: ({ sidecar }) =>
      AUDIO_FORMATS.filter((format) => format !== sidecar.original.format).map((format) => toProfile(format)),
  });
}

async function measure(
  name: string,
  { run, concurrency }: { readonly run: Run; readonly concurrency: number },
  { output, clock, signal }: CommandContext,
): Promise<DemoStep> {
  const progress = startProgress(output, name, clock);
  let audioSeconds = 0;
  const onEvent = (event: RunEvent) => {
    if (event.type === "ended") audioSeconds += event.audioSeconds;
    progress.onEvent(event);
  };
  const startedMs = performance.now();
  const report = await run({ concurrency, clock, signal, onEvent }).finally(progress.stop);
  return { name, report, audioSeconds, elapsedSeconds: (performance.now() - startedMs) / 1000 };
}

function printDemo(
  steps: readonly DemoStep[],
  { archive, directory }: Pick<DemoParts, "archive" | "directory">,
  { output }: CommandContext,
): ExitCode {
  const report = joinReports(steps);
  const [fetch, , convert] = steps;
  const isRepeat = fetch?.report.counts.done === 0 && convert?.report.counts.done === 0;
  const lines = [
    ...toDemoTable(steps),
    ...(isRepeat ? ["Nothing was fetched and nothing converted: all of it was there already."] : []),
    `The recordings lie in ${archive.traits.location}/recordings; \`holdfast verify --archive ${archive.traits.location}\` checks them.`,
    `The package for the other side is ${join(directory, DEMO_CASE)}: open its review/index.html in a browser.`,
  ];
  printReport(output, "demo", report, lines);
  return toExitCode(report.outcome);
}

/** One report of all steps, with a result for each; the worst outcome is that of the whole. */
function joinReports(steps: readonly DemoStep[]): RunReport<unknown> {
  const reports = steps.map(({ report }) => report);
  const sum = (count: keyof RunReport<unknown>["counts"]) =>
    reports.reduce((total, { counts }) => total + counts[count], 0);
  const ranked: readonly Outcome[] = ["cancelled", "findings", "failed", "partial", "refused"];
  return {
    startedAt: reports[0]?.startedAt ?? "",
    finishedAt: reports.at(-1)?.finishedAt ?? "",
    outcome: ranked.find((outcome) => reports.some((report) => report.outcome === outcome)) ?? "ok",
    counts: {
      planned: sum("planned"),
      done: sum("done"),
      skipped: sum("skipped"),
      failed: sum("failed"),
      findings: sum("findings"),
      bytes: sum("bytes"),
    },
    results: steps.map(({ name, report, audioSeconds, elapsedSeconds }) => ({
      ...{ subject: name, status: report.outcome, counts: report.counts, audioSeconds, elapsedSeconds },
    })),
    findings: reports.flatMap(({ findings }) => [...findings]),
    failures: reports.flatMap(({ failures }) => failures),
  };
}
