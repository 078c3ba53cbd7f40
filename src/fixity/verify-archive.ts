import { randomUUID } from "node:crypto";
import type { Archive } from "../archive/archive.ts";
import { toIsoInstant } from "../core/clock.ts";
import { TOOL_VERSION } from "../core/tool-version.ts";
import type { CheckAges } from "../core/verification.ts";
import type { Unit } from "./holding.ts";
import { ArchiveHolding } from "./holdings/archive-holding.ts";
import { inspectUnits, toOutcome } from "./unit-inspection.ts";
import { type Mend, runVerify, type VerifyOptions, type VerifyReport } from "./verify-run.ts";

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
  /** How old the looks are now, at the level of the run or a closer one. */
  readonly ages: CheckAges;
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
  const runId = toRunId(startedAtMs);
  const selection = { level, beforeMs: toDueBefore(maxAgeMs, startedAtMs) };
  const holding = await ArchiveHolding.open(archive, { selection, runId, clock });
  await archive.checks.begin({ runId, level, startedAtMs, request, toolVersion: TOOL_VERSION, ended: undefined });
  const mended = new Set<Unit>();
  const mend = options.mend && withMended(options.mend, mended);
  const report = await runVerify(holding, { ...options, mend }).finally(() => holding.flush());
  await lookAgain(holding, [...mended], options);
  const { outcome, counts } = report;
  const { done, findings, failed, bytes } = counts;
  const finishedAtMs = clock.now();
  await archive.checks.finish(runId, { finishedAtMs, outcome, done, findings, failed, bytes });
  if (report.ending === undefined && (await archive.wasRebuilt())) await archive.acknowledgeRebuilt();
  return { ...report, runId, ages: await archive.checks.ages(level, finishedAtMs) };
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
  for (const unit of units) {
    if (signal?.aborted) return;
    const [verdict] = await inspectUnits(holding, [unit], options);
    // What is still wrong with it has been told of.
    if (verdict !== undefined)
      await holding.note([{ ...toOutcome(verdict, { level, checkedAtMs: clock.now() }), findings: [] }]);
  }
  await holding.flush();
}

/** `verify-20260115T103510Z-1f9a4c2e`: a name that sorts by time and that no two machines give alike. */
function toRunId(startedAtMs: number): string {
  const instant = toIsoInstant(startedAtMs).replaceAll(/[-:]|\.\d+/g, "");
  return `verify-${instant}-${randomUUID().slice(0, 8)}`;
}
