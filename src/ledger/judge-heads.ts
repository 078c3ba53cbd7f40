import type { Finding } from "../core/finding.ts";
import { type HeadClaim, toBroken } from "./head-claim.ts";
import type { Waypoint } from "./walk-events.ts";

/** The events as they were read. */
export interface SeenEvents {
  readonly path: string;
  readonly size: number;
  readonly waypoints: ReadonlyMap<number, Waypoint>;
}

/** Events that changed: the first is behind `fromSize`, and the root after `claim` shows it. */
export interface ChangedSpan {
  readonly fromSize: number;
  readonly claim: HeadClaim;
}

/** How what checkpoints say agrees with the events. */
export interface Judgement {
  /** Those whose root is that of the first events. */
  readonly good: readonly HeadClaim[];
  readonly findings: readonly Finding[];
  readonly changed: ChangedSpan | undefined;
}

/**
 * Holds claims with good signatures against the events.
 *
 * @param claims - Those of fewer events first.
 */
export function judgeHeads(claims: readonly HeadClaim[], events: SeenEvents): Judgement {
  const within = claims.filter(({ checkpoint }) => checkpoint.size <= events.size);
  const good = within.filter(({ checkpoint: { size, root } }) => events.waypoints.get(size)?.root.equals(root));
  const lastGood = good.at(-1)?.checkpoint.size ?? 0;
  const isGood = new Set(good);
  const wrong = within.filter((claim) => !isGood.has(claim));
  const findings = wrong
    .filter(({ checkpoint }) => checkpoint.size <= lastGood)
    .map((claim) => toStray(claim, lastGood));
  const later = wrong.filter(({ checkpoint }) => checkpoint.size > lastGood);
  const [claim] = later;
  const changed = claim && { fromSize: lastGood, claim };
  if (changed !== undefined) findings.push(toChanged(changed, { events, later }));
  const most = claims.at(-1);
  if (most !== undefined && most.checkpoint.size > events.size) findings.push(toGone(most, events));
  return { good, findings, changed };
}

/** Says which checkpoints an anchor holds and the ledger does not. */
export function findMissingCheckpoints(good: readonly HeadClaim[], folder: string): readonly Finding[] {
  const stored = new Set(good.filter(({ isAnchor }) => !isAnchor).map(({ checkpoint }) => checkpoint.size));
  return good
    .filter(({ isAnchor, checkpoint }) => isAnchor && !stored.has(checkpoint.size))
    .map(({ checkpoint: { size }, where }) =>
      toBroken(folder, `the checkpoint of ${size} events is gone; it is anchored: ${where}`),
    );
}

function toStray({ checkpoint: { size, root }, where }: HeadClaim, lastGood: number): Finding {
  const message = `its root is not that of the first ${size} events, though that of the first ${lastGood} fits: it belongs to another history`;
  return toBroken(where, message, { found: root.toString("hex") });
}

function toChanged(
  { fromSize, claim }: ChangedSpan,
  { events, later }: { readonly events: SeenEvents; readonly later: readonly HeadClaim[] },
): Finding {
  const { size, root } = claim.checkpoint;
  const upTo = fromSize === 0 ? "" : `the first ${fromSize} events are as signed, and `;
  const others = later.length === 1 ? "" : `; nor does any of the ${later.length - 1} heads after it fit`;
  const message = `${upTo}among events ${fromSize} to ${size - 1} something was changed, added, removed or moved: the root over the first ${size} is not the one that was signed (${claim.where})${others}`;
  return toBroken(events.path, message, {
    expected: root.toString("hex"),
    found: events.waypoints.get(size)?.root.toString("hex"),
    byteOffset: fromSize === 0 ? 0 : events.waypoints.get(fromSize)?.endByte,
  });
}

function toGone({ checkpoint: { size }, where }: HeadClaim, events: SeenEvents): Finding {
  const message = `${size - events.size} events are gone from the end: ${size} were signed (${where})`;
  return toBroken(events.path, message, { expected: size, found: events.size });
}
