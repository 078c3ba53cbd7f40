import { toIsoInstant } from "../core/clock.ts";
import type { Finding } from "../core/finding.ts";
import type { RecordingId } from "../core/recording-id.ts";
import { toReconcileFinding } from "./reconcile-findings.ts";
import { isPastRetention, type Retention, toBeginningMs, toDaysLeft, toDeletionMs } from "./reconcile-retention.ts";
import { type RecordingSides, type Sides, toCreatedAtMs, toRecordingSides } from "./reconcile-sides.ts";
import { judge, type Verdict } from "./reconcile-verdict.ts";

/** What the three sides come to for one recording. */
export interface ReconcileResult {
  readonly recordingId: RecordingId;
  readonly callId: string;
  readonly status: Verdict["status"];
  readonly reason: Verdict["reason"];
  readonly inList: boolean;
  readonly inEvents: boolean;
  /** Its original is there, with the size it was stored with. */
  readonly inArchive: boolean;
  /** Null where only webhooks tell of it. */
  readonly createdAt: string | null;
  /** When the vendor deletes it; where `createdAt` is null, counted from the first time that its webhooks name. */
  readonly deletesAt: string;
  /** Negative when that is past. */
  readonly daysLeft: number;
}

/** What became of holding the sides against each other. */
export interface Reconciliation {
  /** What is not settled comes first, the most urgent of each status foremost. */
  readonly results: readonly ReconcileResult[];
  readonly findings: readonly Finding[];
  /** The creation of the earliest recording that is not settled; undefined when all are. */
  readonly unsettledSinceMs: number | undefined;
}

/** What can still be saved comes before what cannot, and that before what asks for nothing. */
const ORDER: readonly Verdict["status"][] = ["gap", "conflict", "lost", "failed", "pending", "agreed"];

/** Holds the vendor's list, the webhooks and the archive against each other. Pure. */
export function reconcile(sides: Sides, retention: Retention): Reconciliation {
  const results: ReconcileResult[] = [];
  const findings = new Map<RecordingId, Finding>();
  let unsettledSinceMs: number | undefined;
  for (const recordingId of toRecordingIds(sides)) {
    const one = toRecordingSides(sides, recordingId);
    const verdict = judge(one, isPastRetention(one, retention));
    const result = toResult(recordingId, { sides: one, verdict }, retention);
    const finding = toReconcileFinding(recordingId, { verdict, daysLeft: result.daysLeft }, one);
    results.push(result);
    if (finding !== undefined) findings.set(recordingId, finding);
    if (verdict.status !== "agreed") unsettledSinceMs = Math.min(unsettledSinceMs ?? Infinity, toBeginningMs(one));
  }
  results.sort(compareUrgency);
  const ordered = results.flatMap(({ recordingId }) => findings.get(recordingId) ?? []);
  return { results, findings: ordered, unsettledSinceMs };
}

/** Gives every recording that any side knows, once. */
function toRecordingIds({ vendor, events, archive }: Sides): ReadonlySet<RecordingId> {
  const ids = new Set(vendor.keys());
  for (const side of [events, archive]) for (const recordingId of side.keys()) ids.add(recordingId);
  return ids;
}

function toResult(
  recordingId: RecordingId,
  { sides, verdict }: { readonly sides: RecordingSides; readonly verdict: Verdict },
  retention: Retention,
): ReconcileResult {
  const { vendor, events, archive } = sides;
  const [createdAtMs, deletionMs] = [toCreatedAtMs(sides), toDeletionMs(sides, retention)];
  return {
    recordingId,
    callId: (vendor?.type === "has" ? vendor : (archive ?? events))?.callId ?? "",
    status: verdict.status,
    reason: verdict.reason,
    inList: vendor?.type === "has" && vendor.isListed,
    inEvents: events !== undefined,
    inArchive: archive?.state === "whole",
    createdAt: createdAtMs === undefined ? null : toIsoInstant(createdAtMs),
    deletesAt: toIsoInstant(deletionMs),
    daysLeft: toDaysLeft(deletionMs, retention),
  };
}

function compareUrgency(a: ReconcileResult, b: ReconcileResult): number {
  return (
    ORDER.indexOf(a.status) - ORDER.indexOf(b.status) ||
    a.daysLeft - b.daysLeft ||
    (a.recordingId < b.recordingId ? -1 : 1)
  );
}
