import type { Archive, LedgerVerification } from "../archive/archive.ts";
import { RootedCollection } from "../archive/items-root.ts";
import type { Sha256Hex } from "../core/digest.ts";
import type { LedgerEvent } from "../core/ledger-event.ts";
import { type Failure, toFailure, withFailure } from "../core/report.ts";
import { toRunId } from "../core/run-id.ts";
import { TOOL_VERSION } from "../core/tool-version.ts";
import type { CheckAges, VerifyRun } from "../core/verification.ts";
import { isStorageFull } from "../io/errors.ts";
import type { Unit } from "./holding.ts";
import { ArchiveHolding } from "./holdings/archive-holding.ts";
import { inspectUnits, toOutcome } from "./unit-inspection.ts";
import { type Mend, runVerify, type VerifyOptions, type VerifyReport, type VerifyResult } from "./verify-run.ts";

/** Options of {@link verifyArchive}. */
export interface VerifyArchiveOptions extends VerifyOptions {
  /**
   * Only recordings that were not looked at for longer, and those whose last look was not ok.
   *
   * @default all
   */
  readonly maxAgeMs?: number | undefined;
  /** What was asked for, in words, for the run's entry in the catalogue. */
  readonly request: string;
}

/** The report of verifying an archive. */
export interface ArchiveVerifyReport extends VerifyReport {
  readonly runId: string;
  /** How old the looks are now, at the level of the run or a closer one; undefined when the run could not be noted. */
  readonly ages: CheckAges | undefined;
  /** What is known of the ledger; undefined when the run ended before all that was due had been looked at. */
  readonly ledger: LedgerVerification | undefined;
}

/**
 * Verifies the recordings of an archive that are due, those first whose last look was not ok, then those that were not looked at
 * for longest, and that nothing else stands among them. What was looked at is noted in the catalogue while the run goes on: one
 * that was killed, or whose budget was spent, is gone on with by the next.
 *
 * @throws {NothingToDoError} the archive holds nothing, which is no success.
 */
export async function verifyArchive(archive: Archive, options: VerifyArchiveOptions): Promise<ArchiveVerifyReport> {
  const { clock, level, maxAgeMs, request } = options;
  const startedAtMs = clock.now();
  const runId = `verify-${toRunId(startedAtMs)}`;
  const selection = { level, beforeMs: toDueBefore(maxAgeMs, startedAtMs), nowMs: startedAtMs };
  const holding = await ArchiveHolding.open(archive, { selection, runId, clock, signal: options.signal });
  await archive.checks.begin({ runId, level, startedAtMs, request, toolVersion: TOOL_VERSION, ended: undefined });
  const mended = new Set<Unit>();
  const mend = options.mend && withMended(options.mend, mended);
  const { results: items = [], findings = [] } = options.store ?? {};
  const results = new RootedCollection<VerifyResult>(items);
  const report = await runVerify(holding, { ...options, mend, store: { results, findings } });
  const { ages, failure } = await tryToNote(holding.location, async () => {
    await holding.flush();
    await lookAgain(holding, [...mended], options);
    const finishedAtMs = clock.now();
    await archive.checks.finish(runId, toEnded(report, finishedAtMs));
    const loss = archive.ledgerLoss;
    if (isStorageFull(loss)) throw loss;
    if (loss === undefined) {
      await archive.record([toVerifiedEvent(archive, { runId, request, level, report, items: results.root() })]);
    }
    if (report.ending === undefined && (await archive.wasRebuilt())) await archive.acknowledgeRebuilt();
    return archive.checks.ages(level, finishedAtMs);
  });
  return { ...(failure === undefined ? report : withFailure(report, failure)), runId, ages, ledger: holding.ledger };
}

/** What came of noting a run at its end. */
interface Noted {
  readonly ages: CheckAges | undefined;
  readonly failure: Failure | undefined;
}

/** Where there is no room for the notes, the next run looks again; what this one has found must be told all the same. */
async function tryToNote(location: string, note: () => Promise<CheckAges>): Promise<Noted> {
  try {
    return { ages: await note(), failure: undefined };
  } catch (error) {
    if (!isStorageFull(error)) throw error;
    return { ages: undefined, failure: toFailure(location, error) };
  }
}

interface VerifiedRun extends Pick<VerifyArchiveOptions, "level" | "request"> {
  readonly runId: string;
  readonly report: VerifyReport;
  /** The Merkle root of the report's results. */
  readonly items: Sha256Hex;
}

/** One event tells of a whole run, however many files it looked at: the report has the rest, and the root binds it. */
function toVerifiedEvent({ archiveId }: Archive, { items, report, ...asked }: VerifiedRun): LedgerEvent {
  const { outcome, counts, tally, mended } = report;
  return {
    type: "verified",
    subject: archiveId,
    digests: { items },
    detail: { ...asked, outcome, counts, tally, mended },
  };
}

function toEnded({ outcome, counts }: VerifyReport, finishedAtMs: number): NonNullable<VerifyRun["ended"]> {
  const { done, findings, failed, bytes } = counts;
  return { finishedAtMs, outcome, done, findings, failed, bytes };
}

/** Gives the instant before which the last look at a recording must lie for it to be due. */
export function toDueBefore(maxAgeMs: number | undefined, nowMs: number): number {
  // What a wrong clock has stamped with a time to come is due as well when all is.
  return maxAgeMs === undefined ? Number.MAX_SAFE_INTEGER : nowMs - maxAgeMs;
}

function withMended(mend: Mend, mended: Set<Unit>): Mend {
  return async (suspect) => {
    const outcome = await mend(suspect);
    if (outcome.isMended) mended.add(suspect.unit);
    return outcome;
  };
}

/** What was mended is not to count as damaged any more, if all of the recording is right now. */
async function lookAgain(
  holding: ArchiveHolding,
  units: readonly Unit[],
  options: VerifyArchiveOptions,
): Promise<void> {
  const { level, clock, signal } = options;
  try {
    for (const unit of units) {
      const [verdict] = await inspectUnits(holding, [unit], options);
      // What is still wrong with it has been told of.
      if (verdict !== undefined)
        await holding.note([{ ...toOutcome(verdict, { level, checkedAtMs: clock.now() }), findings: [] }]);
    }
  } catch (error) {
    // Those that are left count as damaged, and are looked at first by the next run.
    if (!signal?.aborted || error !== signal.reason) throw error;
  }
  await holding.flush();
}
