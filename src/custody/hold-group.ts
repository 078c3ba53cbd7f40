import type { Hold, HoldCriteria } from "../core/hold.ts";

/** What was held in one go. The ledger has several events of it when it names more than one may hold. */
export interface HoldGroup extends Omit<Hold, "seq"> {
  /** The numbers of its events in the ledger, in order. */
  readonly events: readonly [number, ...number[]];
}

/** Puts holds together that were added in one go. Pure: the same ledger gives the same groups. */
export function groupHolds(holds: readonly Hold[]): readonly HoldGroup[] {
  const groups: Hold[][] = [];
  for (const hold of holds) {
    const open = groups.at(-1);
    const last = open?.at(-1);
    if (last !== undefined && goesOn(last, hold)) open?.push(hold);
    else groups.push([hold]);
  }
  return groups.flatMap(([first, ...others]) => (first === undefined ? [] : [join(first, others)]));
}

function goesOn(last: Hold, next: Hold): boolean {
  return (
    next.seq === last.seq + 1 &&
    last.criteria.kind === "named" &&
    next.criteria.kind === "named" &&
    [last.case, last.heldAt, last.heldBy, last.reason].join("\n") ===
      [next.case, next.heldAt, next.heldBy, next.reason].join("\n") &&
    last.release?.releasedAt === next.release?.releasedAt
  );
}

function join({ seq, ...first }: Hold, others: readonly Hold[]): HoldGroup {
  const criteria = [first, ...others].map((hold) => hold.criteria);
  return {
    ...first,
    criteria: joinCriteria(criteria, first.criteria),
    events: [seq, ...others.map((hold) => hold.seq)],
  };
}

function joinCriteria(all: readonly HoldCriteria[], first: HoldCriteria): HoldCriteria {
  if (first.kind === "matching") return first;
  const named = all.filter((criteria) => criteria.kind === "named");
  return {
    kind: "named",
    recordingIds: named.flatMap(({ recordingIds }) => recordingIds),
    callIds: named.flatMap(({ callIds }) => callIds),
  };
}
