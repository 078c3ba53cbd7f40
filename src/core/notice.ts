import type { CallDetails, Direction } from "./call-details.ts";
import { toIsoInstant } from "./clock.ts";
import { sameNumber } from "./phone-number.ts";

/** Whether the parties were told that they are recorded. */
export const ANNOUNCEMENTS = ["played", "not-played", "unknown"] as const;

/** Whether the parties agreed. */
export const CONSENTS = ["given", "not-asked", "unknown"] as const;

/** What an operator says about why and on what ground calls are recorded. Nothing of it is checked. */
export interface NoticeStatement {
  readonly announcement: (typeof ANNOUNCEMENTS)[number];
  /** What was played. */
  readonly announcementText?: string | undefined;
  readonly consent: (typeof CONSENTS)[number];
  /** As the operator writes it, such as `MiFID II art. 16(7)`. */
  readonly ground: string;
  /** The operator's own paper. */
  readonly policy?: string | undefined;
}

/** What is said of one recording, by which rule, and since when. */
export interface Notice extends NoticeStatement {
  readonly statedBy: "rule";
  /** The rule's name. */
  readonly rule: string;
  readonly statedAt: string;
}

/** Of which recordings a statement is made: all that is given must fit. */
export interface NoticeMatch {
  readonly direction?: Direction | undefined;
  /** The number that called. */
  readonly from?: string | undefined;
  /** The number that was called. */
  readonly to?: string | undefined;
  /** Of the creation, inclusive. */
  readonly sinceMs?: number | undefined;
  /** Of the creation, exclusive. */
  readonly untilMs?: number | undefined;
}

/** What an operator says of all recordings that fit. */
export interface NoticeRule {
  readonly name: string;
  readonly match: NoticeMatch;
  readonly statement: NoticeStatement;
}

/** What a rule is held against. */
export interface NoticeSubject extends Partial<CallDetails> {
  readonly createdAtMs: number;
}

/**
 * Finds what is stated of a recording: the first rule that fits counts. A rule that asks for a number or a direction fits no
 * recording of which it is not known, nor one whose number cannot be told to be the same.
 *
 * @param statedAtMs - When the statement is made.
 * @returns undefined when no rule fits.
 */
export function findNotice(
  rules: readonly NoticeRule[],
  subject: NoticeSubject,
  statedAtMs: number,
): Notice | undefined {
  const rule = rules.find(({ match }) => fits(match, subject));
  if (rule === undefined) return undefined;
  return { ...rule.statement, statedBy: "rule", rule: rule.name, statedAt: toIsoInstant(statedAtMs) };
}

function fits({ direction, from, to, sinceMs, untilMs }: NoticeMatch, subject: NoticeSubject): boolean {
  return (
    (direction === undefined || direction === subject.direction) &&
    isNumber(from, subject.from) &&
    isNumber(to, subject.to) &&
    (sinceMs === undefined || subject.createdAtMs >= sinceMs) &&
    (untilMs === undefined || subject.createdAtMs < untilMs)
  );
}

function isNumber(wanted: string | undefined, known: string | undefined): boolean {
  return wanted === undefined || (known !== undefined && sameNumber(wanted, known) === true);
}
