import type { Archive } from "../archive/archive.ts";
import { isRemoved } from "../core/archived-file.ts";
import type { Hold, HoldCriteria } from "../core/hold.ts";
import type { LedgerEvent } from "../core/ledger-event.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { RunReport } from "../core/report.ts";
import { RunLog, type RunOptions } from "../core/run-log.ts";
import { splitCriteria } from "./hold-split.ts";
import { type CaughtCount, countCaught, type SurveyedArchive } from "./hold-survey.ts";

/** What adding a hold needs. */
export interface HoldPorts {
  readonly archive: SurveyedArchive & Pick<Archive, "holds" | "record">;
}

/** What is to be held, for which case, and why. */
export interface HoldRequest {
  readonly case: string;
  readonly criteria: HoldCriteria;
  readonly reason: string | undefined;
}

/** What adding a hold would do. Making it changes nothing. */
export interface HoldPlan {
  readonly case: string;
  readonly reason: string | undefined;
  /** What the case does not hold yet, split as the ledger takes it; nothing when it holds all of it. */
  readonly added: readonly HoldCriteria[];
  /** How many of the named recordings and calls the case holds by their names already. */
  readonly alreadyNamed: number;
  /** Of the archive's recordings, also those that were held before. */
  readonly caught: CaughtCount;
  /** Named recordings that are not in the archive: held as soon as they are fetched. */
  readonly notInArchive: readonly RecordingId[];
  /** Named recordings that were removed: there is nothing left to hold. */
  readonly removed: readonly RecordingId[];
}

/** What adding a hold came to. */
export interface HoldResult extends CaughtCount {
  readonly subject: string;
  readonly case: string;
  readonly status: "held" | "already-held";
  /** The numbers of the new events in the ledger. */
  readonly events: readonly number[];
  readonly alreadyNamed: number;
  readonly notInArchive: readonly RecordingId[];
  readonly removed: readonly RecordingId[];
}

/** Finds out what a hold would catch, and how much of it the case holds already. */
export async function planHold({ archive }: HoldPorts, request: HoldRequest, signal?: AbortSignal): Promise<HoldPlan> {
  const { criteria, reason } = request;
  const book = await archive.holds();
  const standing = book.holds.filter((hold) => hold.case === request.case && hold.release === undefined);
  const { missing, alreadyNamed } = subtract(criteria, standing);
  const [caught = { certain: 0, undecidable: 0 }] = await countCaught(archive, [criteria], signal);
  const named = criteria.kind === "named" ? criteria.recordingIds : [];
  const { notInArchive, removed } = await findAbsent(archive, named);
  const added = missing === undefined ? [] : splitCriteria(missing);
  return { case: request.case, reason, added, alreadyNamed, caught, notInArchive, removed };
}

/**
 * Adds a hold: all of it is in the ledger when it resolves, or, when it fails, nothing.
 *
 * @throws {LedgerBrokenError | StorageFullError | StorageUnavailableError} the ledger cannot be written.
 */
export async function runHold(
  { archive }: HoldPorts,
  plan: HoldPlan,
  options: RunOptions,
): Promise<RunReport<HoldResult>> {
  const log = new RunLog<HoldResult>(options);
  log.planned(1, []);
  const entries = await archive.record(plan.added.map((criteria) => toHeldEvent(plan, criteria)));
  const { caught, alreadyNamed, notInArchive, removed } = plan;
  const isNew = entries.length > 0;
  const result: HoldResult = {
    subject: plan.case,
    case: plan.case,
    status: isNew ? "held" : "already-held",
    events: entries.map(({ seq }) => seq),
    ...caught,
    ...{ alreadyNamed, notInArchive, removed },
  };
  log.ended(isNew ? { type: "done", result, bytes: 0, audioSeconds: 0 } : { type: "skipped", result });
  return log.toReport("completed");
}

function toHeldEvent({ case: subject, reason }: HoldPlan, criteria: HoldCriteria): LedgerEvent {
  return { type: "held", subject, detail: { criteria, ...(reason === undefined ? {} : { reason }) } };
}

/** What a case holds is let go as a whole, so that a name that it has need not be held a second time. */
function subtract(
  criteria: HoldCriteria,
  standing: readonly Hold[],
): { readonly missing: HoldCriteria | undefined; readonly alreadyNamed: number } {
  if (criteria.kind === "matching") {
    const isHeld = standing.some((hold) => hold.criteria.kind === "matching" && isSame(hold.criteria, criteria));
    return { missing: isHeld ? undefined : criteria, alreadyNamed: 0 };
  }
  const held = { recordings: new Set<string>(), calls: new Set<string>() };
  for (const { criteria: one } of standing) {
    if (one.kind === "matching") continue;
    for (const id of one.recordingIds) held.recordings.add(id);
    for (const id of one.callIds) held.calls.add(id);
  }
  const recordingIds = criteria.recordingIds.filter((id) => !held.recordings.has(id));
  const callIds = criteria.callIds.filter((id) => !held.calls.has(id));
  const wanted = criteria.recordingIds.length + criteria.callIds.length;
  return {
    missing: { kind: "named", recordingIds, callIds },
    alreadyNamed: wanted - recordingIds.length - callIds.length,
  };
}

type Matching = HoldCriteria & { readonly kind: "matching" };

function isSame(one: Matching, other: Matching): boolean {
  const names = ["from", "to", "sinceMs", "untilMs"] as const;
  return names.every((name) => one[name] === other[name]);
}

async function findAbsent(archive: SurveyedArchive, recordingIds: readonly RecordingId[]) {
  const notInArchive: RecordingId[] = [];
  const removed: RecordingId[] = [];
  for (const recordingId of recordingIds) {
    const recording = await archive.catalogued(recordingId);
    if (recording === undefined) notInArchive.push(recordingId);
    else if (isRemoved(recording)) removed.push(recordingId);
  }
  return { notInArchive, removed };
}
