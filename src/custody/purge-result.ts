import { HoldPreventsError } from "../archive/errors.ts";
import { assertNever } from "../core/errors.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { Ended } from "../core/run-log.ts";
import { PolicyRefusedError } from "./errors.ts";
import type { Deletion } from "./purge-deletion.ts";
import type { PurgeEvidence, RefusalReason, Review } from "./purge-review.ts";

/** What became of a recording at the vendor. */
export interface PurgeResult {
  readonly subject: string;
  readonly recordingId: RecordingId;
  readonly status: Deletion["status"] | "would-delete" | "too-young" | "refused" | "held";
  /** Of a refused one. */
  readonly reason?: RefusalReason;
  /** Of a refused one, for a person. */
  readonly why?: string;
  /** Of a held one. */
  readonly cases?: readonly string[];
  /** Of one that is too young. */
  readonly ageDays?: number;
  /** What speaks for deleting it. */
  readonly evidence?: Omit<PurgeEvidence, "recordingId">;
  /** There when the vendor was asked to delete it, in this run or, where its end was not known, in an earlier one. */
  readonly attempt?: PurgeAttempt;
}

/** What was asked of the vendor, and what it answered. */
export interface PurgeAttempt {
  readonly origin: string;
  /** Numbers of the ledger's events. */
  readonly events: { readonly intended: number; readonly purged?: number };
  /** By the clock here. */
  readonly answeredAt?: string;
  /** In the vendor's words. */
  readonly deletedAt?: string;
  /** The failure after which it was found gone. */
  readonly because?: string;
  /** Of a failed one: whether the vendor still has it. */
  readonly standing?: "still-there" | "unknown";
  /** The run that had meant to delete it, and was ended before it could tell. */
  readonly intendedBy?: { readonly run: string; readonly at: string; readonly actor: string };
}

const DAY_MS = 86_400_000;

/** Tells of a review after which the vendor is not asked. */
export function toReviewed(recordingId: RecordingId, review: Review): Ended<PurgeResult> {
  const base = { subject: recordingId, recordingId };
  switch (review.kind) {
    case "fit":
      return { type: "skipped", result: { ...base, status: "would-delete", evidence: toOwnEvidence(review.evidence) } };
    case "too-young":
      return {
        type: "skipped",
        result: { ...base, status: "too-young", ageDays: Math.floor(review.ageMs / DAY_MS) },
      };
    case "already-gone":
      return { type: "skipped", result: { ...base, status: "already-gone" } };
    case "refused": {
      const { reason, why } = review;
      const error = new PolicyRefusedError(`${recordingId} is not deleted at the vendor: ${why}`);
      return { type: "failed", subject: recordingId, error, result: { ...base, status: "refused", reason, why } };
    }
    default:
      return assertNever(review);
  }
}

/** Tells of an attempt, whatever came of it. */
export function toAttempted(
  evidence: PurgeEvidence,
  { deletion, attempt }: { readonly deletion: Deletion; readonly attempt: PurgeAttempt },
): Ended<PurgeResult> {
  const { recordingId, sizeBytes } = evidence;
  const { status } = deletion;
  const result = { subject: recordingId, recordingId, status, evidence: toOwnEvidence(evidence), attempt };
  if (status === "failed") return { type: "failed", subject: recordingId, error: deletion.error, result };
  if (status === "already-gone") return { type: "skipped", result };
  return { type: "done", result, bytes: sizeBytes, audioSeconds: 0 };
}

/** Tells of a recording at which something threw. */
export function toFailed(recordingId: RecordingId, error: unknown): Ended<PurgeResult> {
  const outcome =
    error instanceof HoldPreventsError
      ? ({ status: "held", cases: error.cases } as const)
      : ({ status: "failed" } as const);
  return { type: "failed", subject: recordingId, error, result: { subject: recordingId, recordingId, ...outcome } };
}

function toOwnEvidence({ recordingId: _, ...evidence }: PurgeEvidence): Omit<PurgeEvidence, "recordingId"> {
  return evidence;
}
