import type { Direction } from "../core/call-details.ts";
import type { RecordingId } from "../core/recording-id.ts";

/** How long what a rule is about stays: until it is older than that, not at all, or for good. */
export type RetentionTerm =
  | { readonly kind: "older-than"; readonly ageMs: number }
  | { readonly kind: "at-once" }
  | { readonly kind: "keep" };

/** What a rule is about, and how long that stays. Where it says neither direction nor list it is about every recording. */
export interface RetentionRule {
  readonly name: string;
  readonly term: RetentionTerm;
  readonly direction: Direction | undefined;
  readonly listed: ReadonlySet<RecordingId> | undefined;
}

/** What is known of a recording that rules are asked about. */
export interface RetentionSubject {
  readonly recordingId: RecordingId;
  readonly createdAtMs: number;
  readonly call: { readonly direction: Direction | undefined } | undefined;
}

/**
 * What rules say of a recording. `not-due`: it is not old enough; `kept`: for good; `no-rule`: it is for certain that of no
 * rule, or only for all that is known.
 */
export type RetentionVerdict =
  | { readonly kind: "due"; readonly rule: RetentionRule }
  | { readonly kind: "not-due" | "kept" | "no-rule" };

/**
 * Decides by the first rule that a recording fits. Where a rule before it asks for a direction that is not known of the
 * recording, that one may be the one that is meant: the recording is due only if both say so. Pure.
 */
export function judgeRetention(
  rules: readonly RetentionRule[],
  subject: RetentionSubject,
  nowMs: number,
): RetentionVerdict {
  for (const rule of rules) {
    const fit = toFit(rule, subject);
    if (fit === "no") continue;
    if (rule.term.kind === "keep") return { kind: "kept" };
    if (!isOver(rule.term, nowMs - subject.createdAtMs)) return { kind: "not-due" };
    if (fit === "yes") return { kind: "due", rule };
  }
  return { kind: "no-rule" };
}

/** Writes what a rule says, for a tombstone: its name, and why what it is about goes. */
export function toRuleWords({ name, term, direction, listed }: RetentionRule): string {
  const conditions = [
    ...(term.kind === "older-than" ? [`created more than ${toDays(term.ageMs)} days before`] : []),
    ...(direction === undefined ? [] : [direction]),
    ...(listed === undefined ? [] : ["named in its list"]),
  ];
  return `retention rule "${name}": ${conditions.join(", ")}`;
}

function toFit(
  { direction, listed }: RetentionRule,
  { recordingId, call }: RetentionSubject,
): "yes" | "no" | "unknown" {
  if (listed !== undefined && !listed.has(recordingId)) return "no";
  if (direction === undefined) return "yes";
  if (call?.direction === undefined) return "unknown";
  return call.direction === direction ? "yes" : "no";
}

function isOver(term: Exclude<RetentionTerm, { kind: "keep" }>, ageMs: number): boolean {
  return term.kind === "at-once" || ageMs > term.ageMs;
}

function toDays(spanMs: number): number {
  return spanMs / 86_400_000;
}
