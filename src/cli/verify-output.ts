import type { LedgerVerification } from "../archive/archive.ts";
import type { CheckAges } from "../core/verification.ts";
import type { Holding, PackageFacts } from "../fixity/holding.ts";
import type { VerifyOptions, VerifyReport } from "../fixity/verify-run.ts";
import { toOldestAge } from "./age-words.ts";
import type { CommandContext } from "./command.ts";
import { type ExitCode, toExitCode } from "./exit-codes.ts";
import { toLedgerFacts, toLedgerWords } from "./ledger-words.ts";
import { withReportFile } from "./report-file.ts";
import { printVerification } from "./report-output.ts";
import type { VerifyKit } from "./verify-kit.ts";
import { toFixityCheck, toHeadlines, toVerifyTable, type VerifyFacts } from "./verify-table.ts";

/** A verification to be done and told of. */
export interface ReportedVerification {
  readonly kit: VerifyKit;
  readonly place: Pick<Holding, "noun" | "location" | "remarks" | "packages">;
  /** What was selected and how it was bounded, in words. */
  readonly request: string | undefined;
  readonly reportPath: string | undefined;
  readonly verify: (options: VerifyOptions) => Promise<VerifyReport & Partial<NotedRun>>;
}

/** What only a run over an archive has. */
interface NotedRun {
  readonly runId: string;
  readonly ages: CheckAges | undefined;
  readonly ledger: LedgerVerification | undefined;
}

/** Verifies, and tells what came of it on the terminal, as JSON, and in a file, as it is asked for. */
export async function reportVerification(
  { kit, place, request, reportPath, verify }: ReportedVerification,
  { output }: CommandContext,
): Promise<ExitCode> {
  const { level } = kit.options;
  const run = () => verify(kit.options).finally(kit.stopProgress);
  const toFacts = ({ runId, ages }: Partial<NotedRun>): VerifyFacts => {
    // Of some, more is to be said when the run has ended.
    const { noun, location, remarks } = place;
    return { noun, location, remarks, level, request, runId, ages };
  };
  const report =
    reportPath === undefined
      ? await run()
      : await withReportFile(reportPath, {
          run,
          toTable: (ran) => toVerifyTable(ran, toFacts(ran)),
          toFixityCheck: (ran) => toFixityCheck(ran, toFacts(ran)),
        });
  const facts = toFacts(report);
  for (const remark of place.remarks) output.note(`remark: ${remark}`);
  const isNoted = report.runId !== undefined;
  printVerification(output, report, {
    summary: toSummary(report, facts),
    own: { ...toOwn(report, facts), ...toPackages(place) },
    isNoted,
  });
  return toExitCode(report.outcome);
}

function toSummary(report: VerifyReport & Partial<NotedRun>, facts: VerifyFacts): readonly string[] {
  const { runId } = facts;
  const { ledger } = report;
  return [
    ...toHeadlines(report, facts),
    ...(ledger === undefined ? [] : toLedgerWords(ledger)),
    ...(runId === undefined ? [] : [`run ${runId}: \`holdfast verify --history ${runId}\` shows it again`]),
  ];
}

/** What this report states beside the fields of every report. */
function toOwn(report: VerifyReport & Partial<NotedRun>, facts: VerifyFacts): Readonly<Record<string, unknown>> {
  const { level, noun, location, remarks, runId, ages } = facts;
  const oldest = ages && toOldestAge(ages, Date.parse(report.finishedAt));
  return {
    level,
    verified: { noun, location },
    runId,
    tally: report.tally,
    grounds: report.grounds,
    mended: report.mended,
    unopened: report.unopened,
    oldestUnverified: oldest,
    ages: ages?.byDay,
    ledger: report.ledger && toLedgerFacts(report.ledger),
    remarks,
  };
}

/** Says for a script what was checked of legal-hold packages, if there are any. */
function toPackages(place: ReportedVerification["place"]): { readonly packages?: readonly PackageFacts[] } {
  const facts = place.packages?.() ?? [];
  return facts.length === 0 ? {} : { packages: facts };
}
