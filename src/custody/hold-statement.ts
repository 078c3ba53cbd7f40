import { createHash } from "node:crypto";
import type { Hold, HoldCriteria } from "../core/hold.ts";
import { groupHolds } from "./hold-group.ts";
import { toCriteriaRecord } from "./hold-record.ts";

/** What an approval must be made for, so that a signature for another purpose does not count. */
export const APPROVAL_NAMESPACE = "holdfast-hold-release";

/** More ids than these a person does not read; their digest stands for them. */
const MAX_LISTED_IDS = 100;

/** What is to be let go, and why. */
export interface ReleaseTerms {
  readonly archiveId: string;
  readonly case: string;
  readonly reason: string;
  readonly holds: readonly Hold[];
}

/**
 * Writes what those sign who approve a release. The same release of the same holds has always the same text; with another
 * hold, or for another reason, it is another one, and has to be signed anew.
 */
export function toReleaseStatement({ archiveId, case: name, reason, holds }: ReleaseTerms): string {
  const statement = {
    schema: "holdfast.hold-release/1",
    statement: "these holds may be released for this reason",
    archiveId,
    case: name,
    reason,
    holds: groupHolds(holds).map((group) => ({
      events: { first: group.events[0], count: group.events.length },
      heldAt: group.heldAt,
      heldBy: group.heldBy,
      reason: group.reason ?? null,
      catches: toStated(group.criteria),
    })),
  };
  return `${JSON.stringify(statement, null, 2)}\n`;
}

function toStated(criteria: HoldCriteria) {
  if (criteria.kind === "matching") return toCriteriaRecord(criteria);
  const { kind, recordingIds, callIds } = criteria;
  const listed = recordingIds.length + callIds.length > MAX_LISTED_IDS ? {} : { recordingIds, callIds };
  return { kind, recordings: recordingIds.length, calls: callIds.length, sha256: toIdsDigest(criteria), ...listed };
}

/** The digest of the ids, one a line as they were named: `recording ID`, then `call ID`. */
function toIdsDigest({ recordingIds, callIds }: HoldCriteria & { readonly kind: "named" }): string {
  const hash = createHash("sha256");
  for (const id of recordingIds) hash.update(`recording ${id}\n`);
  for (const id of callIds) hash.update(`call ${id}\n`);
  return hash.digest("hex");
}
