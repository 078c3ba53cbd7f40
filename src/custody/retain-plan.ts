import type { Archive } from "../archive/archive.ts";
import type { Catch, HoldBook } from "../archive/hold-book.ts";
import type { ArchivedRecording } from "../core/archived-file.ts";
import { isRemoved } from "../core/archived-file.ts";
import type { RecordingId } from "../core/recording-id.ts";
import { findLookProblem, type LookProblem } from "./retain-look.ts";
import { judgeRetention, type RetentionRule, type RetentionVerdict } from "./retention-rules.ts";

/** What planning needs. */
export interface RetainPlanPorts {
  readonly archive: Pick<Archive, "recordings" | "holds" | "checks">;
}

/** By which rules recordings go, and how young a look at their bytes must be. */
export interface RetainRequest {
  /** Tried in this order. */
  readonly rules: readonly RetentionRule[];
  readonly verifiedWithinMs: number;
}

/** A recording that a rule says is due, and whether it may go. */
export interface RetainItem {
  readonly recordingId: RecordingId;
  /** As the catalogue has it. */
  readonly createdAtMs: number;
  readonly rule: RetentionRule;
  /** Whole days since its creation. */
  readonly ageDays: number;
  /** Of its audio: what its removal frees. */
  readonly sizeBytes: number;
  readonly stand: RetainStand;
}

/** What stands against removing a recording, or that nothing does. */
export type RetainStand =
  | { readonly kind: "free" }
  | { readonly kind: "held"; readonly caught: readonly Catch[] }
  | { readonly kind: "not-verified"; readonly why: LookProblem };

/** How many recordings are not due, by why. What was removed before has its tombstone, which stays. */
export type OtherCounts = Readonly<Record<Exclude<RetentionVerdict["kind"], "due"> | "removed-before", number>>;

/** What came of one rule. */
export interface RuleCount {
  readonly name: string;
  readonly due: number;
  /** Of a rule with a list: how many of its ids the archive does not know. */
  readonly notInArchive: number | undefined;
}

/** What retention would do. Making it changes nothing. */
export interface RetainPlan {
  /** All that is due, oldest first. */
  readonly items: readonly RetainItem[];
  readonly others: OtherCounts;
  readonly rules: readonly RuleCount[];
}

const DAY_MS = 86_400_000;
const REMOVED_BEFORE = { kind: "removed-before" } as const;

/**
 * Finds out which recordings are due by the rules, and what stands against removing them. The whole catalogue is gone through;
 * what is not due takes no memory.
 *
 * @throws {LedgerBrokenError} an event of a hold cannot be read: nobody can say then what is held.
 */
export async function planRetain(
  { archive }: RetainPlanPorts,
  { rules, verifiedWithinMs }: RetainRequest,
  { nowMs, signal }: { readonly nowMs: number; readonly signal?: AbortSignal | undefined },
): Promise<RetainPlan> {
  const holds = await archive.holds();
  const span = { sinceMs: nowMs - verifiedWithinMs, nowMs };
  const items: RetainItem[] = [];
  const others = { "no-rule": 0, "not-due": 0, kept: 0, "removed-before": 0 };
  const tallies = new Map(rules.map((rule) => [rule, { due: 0, known: 0 }]));
  for await (const recording of archive.recordings()) {
    signal?.throwIfAborted();
    for (const [{ listed }, tally] of tallies) if (listed?.has(recording.recordingId)) tally.known += 1;
    const verdict = isRemoved(recording) ? REMOVED_BEFORE : judgeRetention(rules, recording, nowMs);
    if (verdict.kind !== "due") {
      others[verdict.kind] += 1;
      continue;
    }
    const { rule } = verdict;
    const tally = tallies.get(rule);
    if (tally !== undefined) tally.due += 1;
    items.push(toItem(recording, rule, { nowMs, stand: await findStand(recording, { archive, holds, span }) }));
  }
  return { items, others, rules: [...tallies].map(toRuleCount) };
}

interface Tally {
  readonly due: number;
  /** Ids of its list. */
  readonly known: number;
}

interface StandPorts {
  readonly archive: Pick<Archive, "checks">;
  readonly holds: HoldBook;
  readonly span: { readonly sinceMs: number; readonly nowMs: number };
}

async function findStand(recording: ArchivedRecording, { archive, holds, span }: StandPorts): Promise<RetainStand> {
  const caught = holds.catching(recording);
  if (caught.length > 0) return { kind: "held", caught };
  const why = findLookProblem(await archive.checks.history(recording.recordingId), span);
  return why === undefined ? { kind: "free" } : { kind: "not-verified", why };
}

function toItem(
  { recordingId, createdAtMs, files }: ArchivedRecording,
  rule: RetentionRule,
  { nowMs, stand }: { readonly nowMs: number; readonly stand: RetainStand },
): RetainItem {
  const audio = files.filter(({ role }) => role === "original" || role === "derivative");
  return {
    recordingId,
    createdAtMs,
    rule,
    ageDays: Math.floor((nowMs - createdAtMs) / DAY_MS),
    sizeBytes: audio.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    stand,
  };
}

function toRuleCount([{ name, listed }, { due, known }]: readonly [RetentionRule, Tally]): RuleCount {
  return { name, due, notInArchive: listed === undefined ? undefined : listed.size - known };
}
