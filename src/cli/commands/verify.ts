import type { Archive } from "../../archive/archive.ts";
import { ArchiveNotFoundError } from "../../archive/errors.ts";
import { toLocationSettings } from "../../config/location-settings.ts";
import type { Holding } from "../../fixity/holding.ts";
import { toLostHolding } from "../../fixity/holdings/lost-holding.ts";
import { toDueBefore, verifyArchive } from "../../fixity/verify-archive.ts";
import { runVerify, type VerifyOptions } from "../../fixity/verify-run.ts";
import { boundGarbage } from "../bound-garbage.ts";
import type { Command, CommandContext } from "../command.ts";
import { printDryRun } from "../dry-run.ts";
import type { ExitCode } from "../exit-codes.ts";
import { lowerPriority } from "../lower-priority.ts";
import { checkReportFile, VERIFICATION_ENDINGS } from "../report-file.ts";
import { declareVerifyFlags, refuseArchiveFlags, toVerifyFlags, type VerifyFlags } from "../verify-flags.ts";
import { printHistory } from "../verify-history.ts";
import { toRequestWords, toVerifyTerms, withVerifyKit } from "../verify-kit.ts";
import { reportVerification } from "../verify-output.ts";
import { detectVerifyPaths, refuseReportAmong } from "../verify-paths.ts";
import { withArchive } from "../with-archive.ts";
import { withMend } from "../with-mend.ts";
import { toByteWords, toCountWords } from "../wording.ts";

/** `holdfast verify` */
export const verifyCommand: Command<VerifyFlags> = {
  builder: declareVerifyFlags,
  toOptions: toVerifyFlags,

  run: async (flags, context) => {
    if (flags.reportPath !== undefined) await checkReportFile(flags.reportPath, VERIFICATION_ENDINGS);
    boundGarbage();
    if (flags.nice !== undefined) lowerPriority(flags.nice);
    const named = await detectVerifyPaths(flags);
    if (named === undefined) return verifyConfigured(flags, context);
    if (named.kind === "archive") return verifyConfigured(flags, withLocation(context, named.path));
    refuseArchiveFlags(flags);
    if (flags.reportPath !== undefined) await refuseReportAmong(flags.paths, flags.reportPath);
    return verifyHolding(named.open, flags, context);
  },
};

function withLocation(context: CommandContext, archive: string): CommandContext {
  const { config } = context;
  return { ...context, config: { ...config, settings: { ...config.settings, archive } } };
}

/** A holding is opened while the threads that are to read it begin. */
async function verifyHolding(
  open: () => Promise<Holding>,
  flags: VerifyFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const terms = toVerifyTerms(flags, undefined, context);
  if (flags.dryRun) {
    const { location, planned } = await open();
    return printPlan(location, { ...terms, ...planned }, context);
  }
  const asked = { request: toRequestWords(terms), reportPath: flags.reportPath };
  return withVerifyKit(terms, context, async (kit) => {
    const holding = await open();
    const verify = (options: VerifyOptions) => runVerify(holding, options);
    return reportVerification({ ...asked, place: holding, kit, verify }, context);
  });
}

/** Verifies the archive that the settings name; one whose marker is not to be seen is told of as out of reach. */
async function verifyConfigured(flags: VerifyFlags, context: CommandContext): Promise<ExitCode> {
  try {
    return await withArchive(context, { create: false }, (archive) => verifyOpened(archive, flags, context));
  } catch (error) {
    if (!(error instanceof ArchiveNotFoundError)) throw error;
    const lost = toLostHolding("archive", context.config.settings.archive);
    return verifyHolding(async () => lost, flags, context);
  }
}

async function verifyOpened(archive: Archive, flags: VerifyFlags, context: CommandContext): Promise<ExitCode> {
  if (flags.history !== undefined) return printHistory(archive, flags.history, context);
  const { location } = archive.traits;
  const terms = toVerifyTerms(flags, toLocationSettings(context.config, location), context);
  const { level, maxAgeMs } = terms;
  if (flags.dryRun) {
    const nowMs = context.clock.now();
    const due = await archive.checks.summariseDue({ level, beforeMs: toDueBefore(maxAgeMs, nowMs), nowMs });
    return printPlan(location, { level, ...due }, context);
  }
  const request = toRequestWords(terms);
  const asked = { place: { noun: "archive", location, remarks: [] }, request, reportPath: flags.reportPath };
  return withMend(archive, { flags, context }, (mend) =>
    withVerifyKit(terms, context, (kit) => {
      const selected = { maxAgeMs, mend, request: request ?? "everything" };
      const verify = (options: VerifyOptions) => verifyArchive(archive, { ...options, ...selected });
      return reportVerification({ ...asked, kit, verify }, context);
    }),
  );
}

function printPlan(
  location: string,
  { level, files, bytes }: { readonly level: string; readonly files: number; readonly bytes: number | undefined },
  context: CommandContext,
): ExitCode {
  const action = `${level} of ${toCountWords(files, "file")}${bytes === undefined ? "" : `, ${toByteWords(bytes)}`}`;
  return printDryRun(context, "verify", { items: [{ subject: location, action }], failures: [] });
}
