import type { Command, CommandContext } from "../command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { lowerPriority } from "../lower-priority.ts";
import { checkReportFile, VERIFICATION_ENDINGS } from "../report-file.ts";
import {
  declareVerifyFlags,
  refuseArchiveFlags,
  refusePackageFlags,
  toVerifyFlags,
  type VerifyFlags,
} from "../verify-flags.ts";
import { verifyHolding } from "../verify-holding.ts";
import { detectVerifyPaths, refuseReportAmong } from "../verify-paths.ts";

/** `holdfast verify` */
export const verifyCommand: Command<VerifyFlags> = {
  builder: declareVerifyFlags,
  toOptions: toVerifyFlags,

  run: async (flags, context) => {
    if (flags.reportPath !== undefined) await checkReportFile(flags.reportPath, VERIFICATION_ENDINGS);
    if (flags.nice !== undefined) lowerPriority(flags.nice);
    const named = await detectVerifyPaths(flags, context);
    if (named === undefined) return verifyArchive(flags, context);
    if (named.kind === "archive") return verifyArchive(flags, withLocation(context, named.path));
    refuseArchiveFlags(flags);
    if (flags.reportPath !== undefined) await refuseReportAmong(flags.paths, flags.reportPath);
    return verifyHolding(named.open, flags, context);
  },
};

/** What knows archives is loaded here: nothing else needs it. */
async function verifyArchive(flags: VerifyFlags, context: CommandContext): Promise<ExitCode> {
  refusePackageFlags(flags, context.config.settings.archive);
  const { verifyConfigured } = await import("../verify-configured.ts");
  return verifyConfigured(flags, context);
}

function withLocation(context: CommandContext, archive: string): CommandContext {
  const { config } = context;
  return { ...context, config: { ...config, settings: { ...config.settings, archive } } };
}
