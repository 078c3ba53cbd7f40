import { type RecordingSides, toCreatedAtMs } from "./reconcile-sides.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** The time, and how long the vendor keeps a recording. */
export interface Retention {
  readonly nowMs: number;
  /** Counted from the creation. The page says 30 days [D]. */
  readonly retentionDays: number;
}

/**
 * Gives the time from which a recording's days are counted: its creation, or the first time that its webhooks name where
 * nothing else is known of it.
 */
export function toBeginningMs(sides: RecordingSides): number {
  const beginningMs = toCreatedAtMs(sides) ?? sides.events?.earliestMs;
  if (beginningMs === undefined) throw new Error("internal error: a recording that no side knows");
  return beginningMs;
}

/** Gives when the vendor deletes a recording. */
export function toDeletionMs(sides: RecordingSides, { retentionDays }: Retention): number {
  return toBeginningMs(sides) + retentionDays * DAY_MS;
}

/** Tells whether the vendor has deleted a recording by now, if it does what its page says. */
export function isPastRetention(sides: RecordingSides, retention: Retention): boolean {
  return toDeletionMs(sides, retention) <= retention.nowMs;
}

/** Gives the days from now to an instant, rounded down to a hundredth so that nobody is promised time there is not. */
export function toDaysLeft(instantMs: number, { nowMs }: Retention): number {
  return Math.floor(((instantMs - nowMs) / DAY_MS) * 100) / 100;
}
