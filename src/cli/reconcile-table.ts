import type { ReconcileResult } from "../ingest/reconcile.ts";
import { REASON_WORDS, toDayWords } from "../ingest/reconcile-findings.ts";
import type { ReconcileReport } from "../ingest/reconcile-run.ts";
import { toCountWords, toTable } from "./wording.ts";

/** How many rows a person is shown; a script takes them all from `--json`. */
const MAX_SHOWN = 20;

/** What a person has to know of: the others ask for nothing. */
const SHOWN: readonly ReconcileResult["status"][] = ["gap", "conflict", "lost"];

/** Sets out what is missing and how long it can still be had, and up to when all sides agree. */
export function toReconcileLines(report: ReconcileReport): readonly string[] {
  const { results } = report;
  const open = results.filter(({ status }) => SHOWN.includes(status));
  const left = open.length - MAX_SHOWN;
  return [
    ...toTable([HEAD, ...open.slice(0, MAX_SHOWN).map(toRow)].slice(open.length === 0 ? 1 : 0)),
    ...(left > 0 ? [`… and ${left} more: see --json`] : []),
    toHeadline(results),
    `list ${count(results, "inList")}, webhooks ${count(results, "inEvents")}, archive ${count(results, "inArchive")}`,
    ...toReasonLines(results),
    toWatermarkLine(report),
  ];
}

const HEAD = ["status", "recording", "call", "deleted", "why"];

function toRow({ status, recordingId, callId, daysLeft, reason }: ReconcileResult): readonly string[] {
  return [status, recordingId, callId, toDeletionWords({ status, daysLeft }), REASON_WORDS[reason]];
}

function toDeletionWords({ status, daysLeft }: Pick<ReconcileResult, "status" | "daysLeft">): string {
  if (daysLeft >= 0) return status === "lost" ? "early" : `in ${toDayWords(daysLeft)}`;
  return `${status === "lost" ? "gone" : "due"} ${toDayWords(-daysLeft)} ago`;
}

function toHeadline(results: readonly ReconcileResult[]): string {
  const of = (wanted: ReconcileResult["status"]) => results.filter(({ status }) => status === wanted);
  const [conflicts, lost] = [of("conflict"), of("lost")];
  return [
    toGapWords(of("gap")),
    ...(conflicts.length > 0 ? [toCountWords(conflicts.length, "conflict")] : []),
    ...(lost.length > 0 ? [`${lost.length} lost`] : []),
  ].join("; ");
}

/** The most urgent come first: what is overdue, then what is deleted next. */
function toGapWords(gaps: readonly ReconcileResult[]): string {
  const overdue = gaps.filter(({ daysLeft }) => daysLeft < 0).length;
  const next = gaps[overdue];
  return [
    toCountWords(gaps.length, "gap"),
    ...(overdue > 0 ? [`${overdue} of them overdue`] : []),
    ...(next ? [`the next is deleted in ${toDayWords(next.daysLeft)} (${next.deletesAt})`] : []),
  ].join(", ");
}

function count(results: readonly ReconcileResult[], side: "inList" | "inEvents" | "inArchive"): number {
  return results.filter((result) => result[side]).length;
}

/** How many there are of each kind that has no row of its own, but for the ordinary one. */
function toReasonLines(results: readonly ReconcileResult[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { status, reason } of results) {
    if (SHOWN.includes(status) || reason === "archived") continue;
    const words = `${status}: ${REASON_WORDS[reason]}`;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, number]) => `${number} ${words}`);
}

function toWatermarkLine({ watermark, listAskedAt, scope }: ReconcileReport): string {
  if (watermark === null) return "up to when all sides agree cannot be said: an event could not be read";
  const since = scope.since === null ? "" : `since ${scope.since} and `;
  const ofCall = scope.callId === null ? "" : ` for call ${scope.callId}`;
  return `all sides agree on what was created ${since}before ${watermark}${ofCall} (list asked at ${listAskedAt})`;
}
