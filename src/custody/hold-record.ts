import { toIsoInstant } from "../core/clock.ts";
import type { HoldCriteria } from "../core/hold.ts";
import type { HoldGroup } from "./hold-group.ts";

/** What a hold catches, as reports and statements write it. */
export type CriteriaRecord =
  | { readonly kind: "named"; readonly recordingIds: readonly string[]; readonly callIds: readonly string[] }
  | {
      readonly kind: "matching";
      readonly from?: string;
      readonly to?: string;
      readonly since?: string;
      readonly until?: string;
    };

/** A hold, and its release if there was one, as reports write it. */
export interface HoldRecord {
  /** The numbers of its events in the ledger. */
  readonly events: readonly number[];
  readonly criteria: CriteriaRecord;
  readonly reason: string | null;
  readonly heldAt: string;
  readonly heldBy: string;
  readonly release: {
    readonly releasedAt: string;
    readonly releasedBy: string;
    readonly reason: string;
    readonly approvedBy: readonly string[];
  } | null;
}

/** Writes a hold for a report. */
export function toHoldRecord({ events, criteria, reason, heldAt, heldBy, release }: HoldGroup): HoldRecord {
  return {
    events,
    criteria: toCriteriaRecord(criteria),
    reason: reason ?? null,
    heldAt,
    heldBy,
    release: release ?? null,
  };
}

/** Writes criteria with instants in place of milliseconds. */
export function toCriteriaRecord(criteria: HoldCriteria): CriteriaRecord {
  if (criteria.kind === "named") return criteria;
  const { kind, from, to, sinceMs, untilMs } = criteria;
  return {
    kind,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(sinceMs === undefined ? {} : { since: toIsoInstant(sinceMs) }),
    ...(untilMs === undefined ? {} : { until: toIsoInstant(untilMs) }),
  };
}
