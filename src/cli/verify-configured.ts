import type { Archive } from "../archive/archive.ts";
import { ArchiveNotFoundError } from "../archive/errors.ts";
import { toLocationSettings } from "../config/location-settings.ts";
import type { HoldfastError } from "../core/errors.ts";
import { toLostHolding } from "../fixity/holdings/lost-holding.ts";
import { toDueBefore, verifyArchive } from "../fixity/verify-archive.ts";
import type { VerifyOptions } from "../fixity/verify-run.ts";
import { boundGarbage } from "./bound-garbage.ts";
import type { CommandContext } from "./command.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { VerifyFlags } from "./verify-flags.ts";
import { printHistory } from "./verify-history.ts";
import { printPlan, verifyHolding } from "./verify-holding.ts";
import { toRequestWords, toVerifyTerms, withVerifyKit } from "./verify-kit.ts";
import { reportVerification } from "./verify-output.ts";
import { withArchive } from "./with-archive.ts";
import { withMend } from "./with-mend.ts";

/** Verifies the archive that the settings name; one whose marker is not to be seen is told of as out of reach. */
export async function verifyConfigured(flags: VerifyFlags, context: CommandContext): Promise<ExitCode> {
  // A catalogue may hold millions of recordings.
  boundGarbage();
  try {
    // What mends writes events.
    const mayLackLedger = flags.heal === undefined && !flags.quarantine;
    return await withArchive(context, { create: false, mayLackLedger }, (archive) =>
      verifyOpened(archive, flags, context),
    );
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
  const asked = {
    place: { noun: "archive", location, remarks: toLossRemarks(archive) },
    request,
    reportPath: flags.reportPath,
  };
  return withMend(archive, { flags, context }, (mend) =>
    withVerifyKit(terms, context, (kit) => {
      const selected = { maxAgeMs, mend, request: request ?? "everything" };
      const verify = (options: VerifyOptions) => verifyArchive(archive, { ...options, ...selected });
      return reportVerification({ ...asked, kit, verify }, context);
    }),
  );
}

/** Says that the ledger knows nothing of this run, where it cannot. */
function toLossRemarks({ ledgerLoss: loss }: Archive): readonly string[] {
  if (loss === undefined) return [];
  return [`this run is not in the ledger: ${toLossWords(loss.code)}: ${loss.message}`];
}

function toLossWords(code: HoldfastError["code"]): string {
  switch (code) {
    case "LEDGER_BROKEN":
      return "it cannot be gone on with until it is put back from a copy or `holdfast ledger restart` begins a new one";
    case "STORAGE_FULL":
      return "there is no room for an event";
    default:
      return "this user has no key that signs it, and the key beside it was believed";
  }
}
