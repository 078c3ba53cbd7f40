import { toIsoInstant } from "../core/clock.ts";
import type { LargeReport } from "../core/report.ts";
import { type RecordingHistory, type RunFinding, VERIFY_LEVELS, type VerifyRun } from "../core/verification.ts";
import { toGroupedDigits } from "../report/cell-words.ts";
import { toAgeWords } from "./age-words.ts";
import { toByteWords, toCountWords } from "./wording.ts";

/** A run as the catalogue has it, with what it found. */
export interface RunHistory {
  readonly run: VerifyRun;
  readonly findings: readonly RunFinding[];
}

/** Tells a person what is known of verifying a recording: when it was last looked at how closely, and all that was found. */
export function toRecordingLines(history: RecordingHistory, nowMs: number): readonly string[] {
  const { recordingId, storedAtMs, lastCheckedAtMs, status, checks, lastRunId, findings } = history;
  const levels = VERIFY_LEVELS.map((level) => `${level} ${toWhen(lastCheckedAtMs[level], nowMs)}`);
  const last =
    status === undefined
      ? "never checked"
      : `checked ${toCountWords(checks, "time")}, last: ${status}, run ${lastRunId ?? "unknown"}`;
  return [
    `${recordingId}: stored ${toDay(storedAtMs)}`,
    `last looked at, so closely or closer: ${levels.join(", ")}`,
    last,
    ...findings.map((finding) => toFindingLine(finding, `run ${finding.runId}`)),
  ];
}

/** Tells a person what a run was asked, how it ended and what it found. */
export function toRunLines({ run, findings }: RunHistory): readonly string[] {
  return [
    `run ${run.runId}: level ${run.level}, ${run.request}, holdfast ${run.toolVersion}`,
    `began ${toIsoInstant(run.startedAtMs)}, ${toEndWords(run)}`,
    ...findings.map((finding) => toFindingLine(finding, finding.recordingId)),
  ];
}

/** Makes the JSON of a recording's history; instants as in every report. */
export function toRecordingJson({ storedAtMs, lastCheckedAtMs, findings, ...others }: RecordingHistory): object {
  const lastCheckedAt = VERIFY_LEVELS.map((level) => [level, toIsoOrNull(lastCheckedAtMs[level])]);
  return {
    subject: others.recordingId,
    ...{ ...others, status: others.status ?? null, lastRunId: others.lastRunId ?? null },
    storedAt: toIsoInstant(storedAtMs),
    lastCheckedAt: Object.fromEntries(lastCheckedAt),
    findings: findings.map(toFindingJson),
  };
}

/** Makes the JSON of a run. */
export function toRunJson({ run, findings }: RunHistory): object {
  const { startedAtMs, ended, ...others } = run;
  return {
    subject: run.runId,
    status: ended?.outcome ?? "unfinished",
    ...others,
    startedAt: toIsoInstant(startedAtMs),
    finishedAt: ended === undefined ? null : toIsoInstant(ended.finishedAtMs),
    counts: ended === undefined ? null : toCounts(ended),
    findings: findings.map(toFindingJson),
  };
}

function toCounts({
  done,
  findings,
  failed,
  bytes,
}: NonNullable<VerifyRun["ended"]>): Partial<LargeReport<never>["counts"]> {
  return { done, failed, findings, bytes };
}

function toFindingJson({ runId, recordingId, foundAtMs, finding }: RunFinding): object {
  return { runId, recordingId: recordingId ?? null, foundAt: toIsoInstant(foundAtMs), ...finding };
}

/** A run that has no end may be at work still: the catalogue does not know which of them is. */
function toEndWords({ ended }: VerifyRun): string {
  if (ended === undefined) return "not ended: it was killed, or is at work still";
  const { finishedAtMs, outcome, done, findings, failed, bytes } = ended;
  const counts = `${toGroupedDigits(done)} looked at, ${toByteWords(bytes)} read, ${toCountWords(findings, "finding")}, ${failed} failed`;
  return `ended ${toIsoInstant(finishedAtMs)}: ${outcome}; ${counts}`;
}

function toFindingLine(
  { foundAtMs, finding: { kind, subject, message } }: RunFinding,
  where: string | undefined,
): string {
  const named = message.includes(subject) ? message : `${subject}: ${message}`;
  return `found ${toIsoInstant(foundAtMs)} ${kind}: ${named}${where === undefined ? "" : ` (${where})`}`;
}

function toWhen(instantMs: number | undefined, nowMs: number): string {
  return instantMs === undefined ? "never" : `${toDay(instantMs)} (${toAgeWords(instantMs, nowMs)} ago)`;
}

function toDay(instantMs: number): string {
  return toIsoInstant(instantMs).slice(0, 10);
}

function toIsoOrNull(instantMs: number | undefined): string | null {
  return instantMs === undefined ? null : toIsoInstant(instantMs);
}
