import type { ArgumentsCamelCase, Argv } from "yargs";
import type { Archive } from "../../archive/archive.ts";
import { Pace } from "../../async/pace.ts";
import { openSource } from "../../compose.ts";
import { openCopyPlace, toWhereabouts } from "../../compose-copies.ts";
import { parseRecordingId } from "../../core/recording-id.ts";
import type { CopyPlace } from "../../custody/purge-copies.ts";
import { type PurgeRules, type PurgeSelection, planPurge } from "../../custody/purge-plan.ts";
import { type PurgeReport, runPurge } from "../../custody/purge-run.ts";
import type { Signatory } from "../../custody/receipt.ts";
import { VendorUnsupportedError } from "../../vendor/errors.ts";
import type { RecordingSource } from "../../vendor/recording-source.ts";
import type { Command, CommandContext } from "../command.ts";
import { UsageError } from "../errors.ts";
import { toExitCode } from "../exit-codes.ts";
import { optionalRate } from "../fetch-flags.ts";
import { optionalDurationMs, optionalInstant, optionalString, optionalWhole } from "../flags.ts";
import { loadApiKey } from "../load-api-key.ts";
import { loadCustodian } from "../load-custodian.ts";
import { loadIds } from "../load-ids.ts";
import { startProgress } from "../progress.ts";
import { toPurgeLines } from "../purge-words.ts";
import { toEndingLines, toJsonReport, toProblemLines } from "../report-output.ts";
import { RETRY } from "../retry.ts";
import { withArchive } from "../with-archive.ts";

/** The flags of `purge`. */
export interface PurgeFlags {
  readonly selection: PurgeSelection;
  /** A file that names more recordings. */
  readonly idsFile: string | undefined;
  /** Where other copies of the archive are. */
  readonly places: readonly string[];
  readonly rules: PurgeRules;
  readonly perSecond: number | undefined;
  /** Whether anything is deleted. */
  readonly isApplied: boolean;
}

const DAY_MS = 86_400_000;
/** An archive alone is one disk away from having nothing. */
const DEFAULT_RULES = { copies: 2, verifiedWithinMs: 7 * DAY_MS, olderThanMs: 3 * DAY_MS } as const;
const DEFAULT_CONCURRENCY = 4;

/** `holdfast purge` */
export const purgeCommand: Command<PurgeFlags> = {
  builder: addPurgeFlags,

  toOptions: (argv) => {
    const isApplied = argv["apply"] === true;
    if (isApplied && argv["dryRun"] === true) throw new UsageError("--apply and --dry-run contradict each other");
    const idsFile = optionalString(argv, "ids");
    return {
      ...{ selection: toSelection(argv, idsFile), idsFile, isApplied },
      places: [argv["copy"] ?? []].flat().map(String),
      rules: {
        copies: optionalWhole(argv, "copies", 1) ?? DEFAULT_RULES.copies,
        verifiedWithinMs: optionalDurationMs(argv, "verifiedWithin") ?? DEFAULT_RULES.verifiedWithinMs,
        olderThanMs: optionalDurationMs(argv, "olderThan") ?? DEFAULT_RULES.olderThanMs,
      },
      perSecond: optionalRate(argv),
    };
  },

  run: async (flags, context) => {
    const selection = await withIds(flags);
    const signatory = await loadCustodian(context);
    return withArchive(context, { create: false }, async (archive) => {
      const plan = await planPurge({ archive }, selection, context.signal);
      const report = await withVendor(context, (source) =>
        withCopies(archive, { flags, context }, (places) => {
          const ports = { archive, source, places, locate: toWhereabouts(archive) };
          return purge(ports, plan, { flags, context, signatory });
        }),
      );
      print(report, { flags, context, archive, signatory });
      return toExitCode(report.outcome);
    });
  },
};

function addPurgeFlags(yargs: Argv): Argv {
  return yargs
    .option("recording", { type: "string", array: true, requiresArg: true, describe: "Recordings, by their ids" })
    .option("ids", { type: "string", requiresArg: true, describe: "File of recording ids, one a line" })
    .option("since", {
      type: "string",
      requiresArg: true,
      describe: "All of the archive created at or after this instant",
    })
    .option("until", { type: "string", requiresArg: true, describe: "All of the archive created before this instant" })
    .option("apply", { type: "boolean", default: false, describe: "Delete at the vendor; without it nothing is" })
    .option("copy", {
      type: "string",
      array: true,
      requiresArg: true,
      describe: "Other copies of the archive: folders on other disks, or s3://bucket/prefix",
    })
    .option("copies", {
      type: "number",
      requiresArg: true,
      describe: "Storages that must have it, the archive's included, each read again (2)",
    })
    .option("verified-within", {
      type: "string",
      requiresArg: true,
      describe: "Only what was found ok at level structure within this time (7d)",
    })
    .option("older-than", { type: "string", requiresArg: true, describe: "Only what was created so long ago (3d)" })
    .option("rate", { type: "string", requiresArg: true, describe: "Requests per second at most, such as 5/s" });
}

function toSelection(argv: ArgumentsCamelCase, idsFile: string | undefined): PurgeSelection {
  const named = [argv["recording"] ?? []].flat().map((id) => parseRecordingId(String(id)));
  const [sinceMs, untilMs] = [optionalInstant(argv, "since"), optionalInstant(argv, "until")];
  const isNamed = named.length > 0 || idsFile !== undefined;
  if (isNamed && (sinceMs !== undefined || untilMs !== undefined)) {
    throw new UsageError("recordings are named, or chosen by --since and --until, not both");
  }
  return isNamed ? { recordingIds: named } : { sinceMs, untilMs };
}

async function withIds({ selection, idsFile }: PurgeFlags): Promise<PurgeSelection> {
  if (idsFile === undefined) return selection;
  return { recordingIds: [...(selection.recordingIds ?? []), ...(await loadIds(idsFile))] };
}

async function withVendor<T>(context: CommandContext, use: (source: RecordingSource) => Promise<T>): Promise<T> {
  const { config, clock } = context;
  const source = await openSource(config.settings, { apiKey: await loadApiKey(context), clock });
  try {
    if (!source.traits.deletes) throw new VendorUnsupportedError("deleting a recording");
    return await use(source);
  } finally {
    await source.close();
  }
}

async function withCopies<T>(
  archive: Archive,
  { flags, context }: { readonly flags: PurgeFlags; readonly context: CommandContext },
  use: (places: readonly CopyPlace[]) => Promise<T>,
): Promise<T> {
  const { settings } = context.config;
  const places: CopyPlace[] = [];
  try {
    for (const place of flags.places) places.push(await openCopyPlace(place, { archive, settings }));
    return await use(places);
  } finally {
    await Promise.all(places.map((place) => place.close()));
  }
}

interface PurgeInput {
  readonly flags: PurgeFlags;
  readonly context: CommandContext;
  readonly signatory: Signatory;
}

async function purge(
  ports: Parameters<typeof runPurge>[0],
  plan: Parameters<typeof runPurge>[1],
  { flags, context, signatory }: PurgeInput,
): Promise<PurgeReport> {
  const { config, clock, signal, output } = context;
  const { rules, isApplied, perSecond } = flags;
  const concurrency = config.settings.concurrency ?? DEFAULT_CONCURRENCY;
  const pauses = { firstPauseMs: RETRY.firstDelayMs, maxPauseMs: RETRY.maxDelayMs, random: RETRY.random };
  const pace = new Pace({ concurrency, perSecond, ...pauses, clock });
  const progress = startProgress(output, isApplied ? "purged" : "reviewed", clock);
  const patience = { pace, retry: RETRY, signal };
  const options = { ...patience, rules, isApplied, signatory, concurrency, clock, onEvent: progress.onEvent };
  return runPurge(ports, plan, options).finally(progress.stop);
}

function print(report: PurgeReport, { flags, context, archive, signatory }: PurgeInput & { archive: Archive }): void {
  const { output } = context;
  const { isApplied, rules } = flags;
  const receipt = report.receipt && {
    path: archive.toPath(report.receipt.receipt),
    signature: archive.toPath(report.receipt.signature),
    allowedSigners: archive.toPath(report.receipt.allowedSigners),
  };
  output.printJson(toJsonReport("purge", report, { applied: isApplied, receipt: receipt ?? null }));
  output.print(
    ...toPurgeLines({ results: report.results, rules, isApplied, receipt, signatory }),
    ...toEndingLines(report),
    ...toProblemLines(report),
  );
}
