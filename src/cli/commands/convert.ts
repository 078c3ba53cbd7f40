import type { Archive } from "../../archive/archive.ts";
import { NothingToDoError } from "../../core/errors.ts";
import { toProfileName } from "../../core/profile.ts";
import type { RunReport } from "../../core/report.ts";
import { locateConfinement } from "../../ffmpeg/locate-confinement.ts";
import { findInputs } from "../../io/find-inputs.ts";
import { loadSourceList } from "../../io/load-source-list.ts";
import { planArchiveConversion } from "../../transcode/archive-plan.ts";
import type { ConvertPlan } from "../../transcode/convert-job.ts";
import type { ConvertResult } from "../../transcode/convert-result.ts";
import { runConvert } from "../../transcode/convert-run.ts";
import { planFileConversion } from "../../transcode/file-plan.ts";
import { planReproduction } from "../../transcode/reproduce-plan.ts";
import { type ReproduceResult, runReproduce } from "../../transcode/reproduce-run.ts";
import { noteAccess } from "../access-log.ts";
import { chooseFfmpeg } from "../choose-ffmpeg.ts";
import type { Command, CommandContext } from "../command.ts";
import { type ConvertFlags, declareConvertFlags, toConvertFlags } from "../convert-flags.ts";
import { toConvertTable } from "../convert-table.ts";
import { printDryRun } from "../dry-run.ts";
import { type ExitCode, toExitCode } from "../exit-codes.ts";
import { startProgress } from "../progress.ts";
import { checkReportFile, withReportFile } from "../report-file.ts";
import { printReport } from "../report-output.ts";
import { withArchive } from "../with-archive.ts";
import { toByteWords, toCountWords, toDurationWords } from "../wording.ts";

/** `holdfast convert` */
export const convertCommand: Command<ConvertFlags> = {
  builder: declareConvertFlags,
  toOptions: toConvertFlags,

  run: async (flags, context) => {
    if (flags.reportPath !== undefined) await checkReportFile(flags.reportPath);
    if (flags.reproduce !== undefined) return reproduce(flags.reproduce, flags, context);
    if (flags.inputs.length > 0 || flags.list !== undefined) {
      const plan = await planFiles(flags, context);
      const sources = plan.jobs.map(({ path }) => path);
      if (!flags.dryRun) await noteAccess(sources, "convert", context);
      return convert(plan, flags, context);
    }
    return withArchive(context, { create: false }, async (archive) =>
      convert(await planArchive(archive, flags, context), flags, context),
    );
  },
};

async function planFiles(
  { inputs, list, ...request }: ConvertFlags,
  { output, config }: CommandContext,
): Promise<ConvertPlan> {
  const { callerChannel } = config.settings;
  const listed = list === undefined ? [] : await loadSourceList(list);
  const plan = await planFileConversion(await findInputs(inputs, { listed }), { ...request, callerChannel });
  for (const remark of plan.remarks) output.note(remark);
  return plan;
}

function planArchive(
  archive: Archive,
  { profiles, check }: ConvertFlags,
  { config: { settings } }: CommandContext,
): Promise<ConvertPlan> {
  return planArchiveConversion(archive, { select: () => profiles, callerChannel: settings.callerChannel, check });
}

async function convert(plan: ConvertPlan, flags: ConvertFlags, context: CommandContext): Promise<ExitCode> {
  const { output } = context;
  if (plan.jobs.length + plan.failures.length === 0)
    throw new NothingToDoError("nothing to convert: no recordings found");
  if (flags.dryRun) return printDryRun(context, "convert", { items: toPlannedItems(plan), failures: plan.failures });
  const { progress, ...options } = await prepareRun("converted", flags, context);
  const { lossy, check, reportPath } = flags;
  const run = () => runConvert(plan, { ...options, lossy, check }).finally(progress.stop);
  const toTable = (ran: RunReport<ConvertResult>) => toConvertTable(ran, { ...options, summary: toSummary(ran) });
  const report = reportPath === undefined ? await run() : await withReportFile(reportPath, { run, toTable });
  printReport(output, "convert", report, toSummary(report));
  return toExitCode(report.outcome);
}

/** Makes again what a record tells of. */
async function reproduce(recordPath: string, flags: ConvertFlags, context: CommandContext): Promise<ExitCode> {
  const plan = await planReproduction(recordPath);
  await noteAccess([...new Set(plan.map(({ sourcePath }) => sourcePath))], "convert --reproduce", context);
  const { progress, ...options } = await prepareRun("made again", flags, context);
  const report = await runReproduce(plan, options).finally(progress.stop);
  const count = (status: ReproduceResult["status"]) => report.results.filter((one) => one.status === status).length;
  const summary = `${count("reproduced")} of ${toCountWords(plan.length, "file")} came out the same, byte for byte; ${count("different")} different, ${count("failed")} failed`;
  printReport(context.output, "convert", report, [summary]);
  return toExitCode(report.outcome);
}

/** Finds ffmpeg and what confines it, and begins to show progress. */
async function prepareRun(verb: string, { sandbox }: ConvertFlags, context: CommandContext) {
  const { output, clock, signal, config, cores, environment } = context;
  const { ffmpeg } = await chooseFfmpeg(context);
  const confinement = await locateConfinement({ searchPath: environment["PATH"] ?? "", sandbox });
  const concurrency = config.settings.concurrency ?? cores;
  const progress = startProgress(output, verb, clock);
  return { ffmpeg, confinement, concurrency, clock, signal, progress, onEvent: progress.onEvent };
}

function toPlannedItems({ jobs }: ConvertPlan) {
  return jobs.flatMap(({ path, targets }) =>
    targets.map((target) => ({ subject: `${path} -> ${target.path}`, action: toProfileName(target.profile) })),
  );
}

function toSummary({ results, counts, startedAt, finishedAt }: RunReport<ConvertResult>): readonly string[] {
  const count = (status: ConvertResult["status"]) => results.filter((result) => result.status === status).length;
  const made = results.filter(({ status }) => status === "encoded" || status === "copied");
  const bytes = made.reduce((sum, { output }) => sum + (output.sizeBytes ?? 0), 0);
  const seconds = made.reduce((sum, { output }) => sum + (output.durationSeconds ?? 0), 0);
  const elapsedSeconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  const speed = elapsedSeconds > 0 && made.length > 0 ? `, ${Math.round(seconds / elapsedSeconds)} × real time` : "";
  const copied = count("copied");
  const parts = [
    ...(copied > 0 ? [`${copied} of them copied, for they were what is wanted`] : []),
    `${count("already")} already there`,
    `${count("refused")} refused`,
    // With what could not even be planned.
    `${counts.failed - count("refused")} failed`,
  ];
  const amount = `${toByteWords(bytes)}, ${toDurationWords(seconds)} of audio${speed}`;
  return [`made ${toCountWords(made.length, "file")} (${amount}); ${parts.join(", ")}`];
}
