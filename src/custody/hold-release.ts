import { createHash } from "node:crypto";
import type { Archive } from "../archive/archive.ts";
import { parseSha256 } from "../core/digest.ts";
import type { Hold } from "../core/hold.ts";
import type { LedgerEvent } from "../core/ledger-event.ts";
import type { RunReport } from "../core/report.ts";
import { RunLog, type RunOptions } from "../core/run-log.ts";
import type { AllowedSigner } from "../signing/allowed-signers.ts";
import { PolicyRefusedError } from "./errors.ts";
import { type Approval, type ApprovalCount, countApprovals } from "./hold-approval.ts";
import { findStanding } from "./hold-cases.ts";
import { APPROVAL_NAMESPACE, toReleaseStatement } from "./hold-statement.ts";

/** What a release needs. */
export interface ReleasePorts {
  readonly archive: Pick<Archive, "archiveId" | "holds" | "record">;
}

/** How many people a release takes, and whose signatures count. */
export interface ReleasePolicy {
  /** Who asks for it included. */
  readonly releaseNeeds: number;
  readonly signers: readonly AllowedSigner[];
}

/** Which case is to be let go, why, and who asks for it and approves. */
export interface ReleaseRequest {
  readonly case: string;
  readonly reason: string;
  /** Who asks for it, as the ledger names them. */
  readonly actor: string;
  readonly approvals: readonly Approval[];
}

/** What a release would do, and whether it may. Making it changes nothing. */
export interface ReleasePlan extends ApprovalCount {
  readonly case: string;
  readonly reason: string;
  readonly holds: readonly Hold[];
  /** What those sign who approve. */
  readonly statement: string;
  readonly releaseNeeds: number;
  readonly isAllowed: boolean;
}

/** What a release came to. */
export interface ReleaseResult {
  readonly subject: string;
  readonly case: string;
  readonly status: "released" | "refused";
  /** The numbers of the holds' events in the ledger. */
  readonly holds: readonly number[];
  readonly approvedBy: readonly string[];
  readonly rejected: ApprovalCount["rejected"];
  readonly releaseNeeds: number;
}

/**
 * Finds out what a release would let go, and whether enough people want it.
 *
 * @throws {NothingToDoError} nothing is held for the case.
 */
export async function planRelease(
  { archive }: ReleasePorts,
  request: ReleaseRequest,
  { releaseNeeds, signers, nowMs }: ReleasePolicy & { readonly nowMs: number },
): Promise<ReleasePlan> {
  const { case: name, reason, actor, approvals } = request;
  const holds = findStanding((await archive.holds()).holds, name);
  const statement = toReleaseStatement({ archiveId: archive.archiveId, case: name, reason, holds });
  const { counted, rejected } = countApprovals(approvals, { statement, signers, actor, nowMs });
  const isAllowed = 1 + counted.length >= releaseNeeds;
  return { case: name, reason, holds, statement, counted, rejected, releaseNeeds, isAllowed };
}

/**
 * Lets go of all holds of a case in one event, or, where too few have approved, of none. The event has the approvals in it, and
 * what was approved, so that they can be checked later.
 *
 * @throws {LedgerBrokenError | StorageFullError | StorageUnavailableError} the ledger cannot be written.
 */
export async function runRelease(
  { archive }: ReleasePorts,
  plan: ReleasePlan,
  options: RunOptions,
): Promise<RunReport<ReleaseResult>> {
  const log = new RunLog<ReleaseResult>(options);
  log.planned(1, []);
  if (plan.isAllowed) {
    await archive.record([toReleasedEvent(plan)]);
    log.ended({ type: "done", result: toResult(plan, "released"), bytes: 0, audioSeconds: 0 });
  } else {
    const failed = { result: toResult(plan, "refused"), subject: plan.case, error: toRefusal(plan) };
    log.ended({ type: "failed", ...failed });
  }
  return log.toReport("completed");
}

/** Gives the error that tells of a release for which too few have approved. */
export function toRefusal({ case: name, releaseNeeds, counted }: ReleasePlan): PolicyRefusedError {
  const others = releaseNeeds - 1;
  return new PolicyRefusedError(
    `releasing ${name} takes ${releaseNeeds} people: ${counted.length} of ${others} approvals by others count`,
  );
}

function toResult(
  { case: name, holds, counted, rejected, releaseNeeds }: ReleasePlan,
  status: ReleaseResult["status"],
) {
  const approvedBy = counted.map(({ principal }) => principal);
  return { subject: name, case: name, status, holds: holds.map(({ seq }) => seq), approvedBy, rejected, releaseNeeds };
}

function toReleasedEvent({ case: name, holds, reason, statement, counted, releaseNeeds }: ReleasePlan): LedgerEvent {
  const approvals = counted.map(({ principal, signature }) => ({ principal, signature }));
  return {
    type: "released",
    subject: name,
    digests: { statement: parseSha256(createHash("sha256").update(statement).digest("hex")) },
    detail: {
      holds: holds.map(({ seq }) => seq),
      reason,
      releaseNeeds,
      approvedBy: approvals.map(({ principal }) => principal),
      ...(approvals.length === 0 ? {} : { namespace: APPROVAL_NAMESPACE, statement, approvals }),
    },
  };
}
