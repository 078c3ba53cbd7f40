import type { Archive } from "../../archive/archive.ts";
import { AUDIO_FORMATS, type AudioFormat, isAudioFormat } from "../../core/audio-format.ts";
import { NothingToDoError } from "../../core/errors.ts";
import { type Profile, toProfile, toProfileName } from "../../core/profile.ts";
import { findInputs } from "../../io/find-inputs.ts";
import { planArchiveConversion } from "../../transcode/archive-plan.ts";
import type { ConvertPlan } from "../../transcode/convert-job.ts";
import type { ConvertResult } from "../../transcode/convert-result.ts";
import { runConvert } from "../../transcode/convert-run.ts";
import { CONFLICT_POLICIES, type ConflictPolicy } from "../../transcode/file-job.ts";
import { planFileConversion } from "../../transcode/file-plan.ts";
import { chooseFfmpeg } from "../choose-ffmpeg.ts";
import type { Command, CommandContext } from "../command.ts";
import { printDryRun } from "../dry-run.ts";
import { UsageError } from "../errors.ts";
import { type ExitCode, toExitCode } from "../exit-codes.ts";
import { oneOf, optionalNumber, optionalString, positionals } from "../flags.ts";
import { startProgress } from "../progress.ts";
import { printReport } from "../report-output.ts";
import { withArchive } from "../with-archive.ts";
import { toByteWords, toCountWords, toDurationWords } from "../wording.ts";

/** The flags of `convert`. */
export interface ConvertFlags {
  /** None: the archive. */
  readonly inputs: readonly string[];
  readonly profiles: readonly Profile[];
  readonly outFolder: string | undefined;
  readonly onConflict: ConflictPolicy;
  readonly dryRun: boolean;
}

/** `holdfast convert` */
export const convertCommand: Command<ConvertFlags> = {
  builder: (yargs) =>
    yargs
      .positional("input", { type: "string", array: true, describe: "Files, folders (all recordings below) or globs" })
      .option("to", {
        type: "string",
        requiresArg: true,
        demandOption: true,
        describe: `Formats, by commas: ${AUDIO_FORMATS.join(", ")}`,
      })
      .option("bitrate", {
        type: "number",
        requiresArg: true,
        describe: "kbps (default: mp3 64, opus 32; wav has none)",
      })
      .option("sample-rate", {
        type: "number",
        requiresArg: true,
        describe: "Hz: 8000, 16000 (default), opus also 48000",
      })
      .option("channels", { type: "number", requiresArg: true, describe: "1 (default) or 2" })
      .option("out", {
        type: "string",
        requiresArg: true,
        describe: "Folder for the outputs (default: beside each input)",
      })
      .option("on-conflict", {
        type: "string",
        requiresArg: true,
        describe:
          "When a file stands where an output belongs: skip (default; its format and length are checked), replace or fail",
      }),

  toOptions: (argv) => {
    const inputs = positionals(argv, "input");
    const outFolder = optionalString(argv, "out");
    if (inputs.length === 0 && outFolder !== undefined) {
      throw new UsageError("--out goes with inputs: what is made from the archive stays in the archive");
    }
    const onConflict = optionalString(argv, "onConflict");
    if (inputs.length === 0 && onConflict !== undefined) {
      throw new UsageError("--on-conflict goes with inputs: in the archive the record decides");
    }
    const choice = {
      bitrateKbps: optionalNumber(argv, "bitrate"),
      sampleRateHz: optionalNumber(argv, "sampleRate"),
      channels: toChannels(optionalNumber(argv, "channels")),
    };
    return {
      inputs,
      profiles: toFormats(optionalString(argv, "to") ?? "").map((format) => toProfile(format, choice)),
      outFolder,
      onConflict: onConflict === undefined ? "skip" : oneOf(argv, "onConflict", CONFLICT_POLICIES),
      dryRun: argv["dryRun"] === true,
    };
  },

  run: async (flags, context) => {
    if (flags.inputs.length > 0) return convert(await planFiles(flags, context), flags, context);
    return withArchive(context, { create: false }, async (archive) =>
      convert(await planArchive(archive, flags), flags, context),
    );
  },
};

function toFormats(list: string): readonly AudioFormat[] {
  const names = [...new Set(list.split(",").map((name) => name.trim()))];
  return names.map((name) => {
    if (isAudioFormat(name)) return name;
    throw new UsageError(`--to does not know ${JSON.stringify(name)}: choose of ${AUDIO_FORMATS.join(", ")}`);
  });
}

function toChannels(channels: number | undefined): 1 | 2 | undefined {
  if (channels === undefined || channels === 1 || channels === 2) return channels;
  throw new UsageError("--channels takes 1 or 2");
}

async function planFiles({ inputs, ...request }: ConvertFlags, { output }: CommandContext): Promise<ConvertPlan> {
  const plan = await planFileConversion(await findInputs(inputs), request);
  for (const remark of plan.remarks) output.note(remark);
  return plan;
}

async function planArchive(archive: Archive, { profiles }: ConvertFlags): Promise<ConvertPlan> {
  return planArchiveConversion(archive, () => profiles);
}

async function convert(plan: ConvertPlan, { dryRun }: ConvertFlags, context: CommandContext): Promise<ExitCode> {
  const { output, clock, signal, config, cores } = context;
  if (plan.jobs.length + plan.failures.length === 0)
    throw new NothingToDoError("nothing to convert: no recordings found");
  if (dryRun) return printDryRun(context, "convert", { items: toPlannedItems(plan), failures: plan.failures });
  const { ffmpeg } = await chooseFfmpeg(context);
  const concurrency = config.settings.concurrency ?? cores;
  const progress = startProgress(output, "converted", clock);
  const options = { ffmpeg, concurrency, clock, signal, onEvent: progress.onEvent };
  const report = await runConvert(plan, options).finally(progress.stop);
  printReport(output, "convert", report, toSummary(report.results));
  return toExitCode(report.outcome);
}

function toPlannedItems({ jobs }: ConvertPlan) {
  return jobs.flatMap(({ path, targets }) =>
    targets.map((target) => ({ subject: `${path} -> ${target.path}`, action: toProfileName(target.profile) })),
  );
}

function toSummary(results: readonly ConvertResult[]): readonly string[] {
  const count = (status: ConvertResult["status"]) => results.filter((result) => result.status === status).length;
  const encoded = results.filter(({ status }) => status === "encoded");
  const bytes = encoded.reduce((sum, { output }) => sum + (output.sizeBytes ?? 0), 0);
  const seconds = encoded.reduce((sum, { output }) => sum + (output.durationSeconds ?? 0), 0);
  const amount = `${toByteWords(bytes)}, ${toDurationWords(seconds)} of audio`;
  return [
    `made ${toCountWords(encoded.length, "file")} (${amount}); ${count("already")} already there, ${count("refused")} refused, ${count("failed")} failed`,
  ];
}
