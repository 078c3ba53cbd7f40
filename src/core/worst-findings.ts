import type { Finding, FindingKind } from "./finding.ts";

/** How soon a finding asks for somebody: recordings that are lost or may be, then records that prove nothing, then what lost nothing. */
const URGENCY: Readonly<Record<FindingKind, number>> = {
  missing: 0,
  "location-unreachable": 1,
  unreadable: 2,
  "digest-mismatch": 3,
  truncated: 4,
  "corrupt-frames": 5,
  "size-mismatch": 6,
  "no-audio": 7,
  "not-audio": 8,
  "wrong-format": 9,
  "duration-mismatch": 10,
  "ledger-broken": 11,
  "signature-invalid": 12,
  "manifest-invalid": 13,
  "unsafe-path": 14,
  "checksum-unverifiable": 15,
  "not-conforming": 16,
  moved: 17,
  unexpected: 18,
  "tags-changed": 19,
  "trailing-data": 20,
};

/** What has been mended already comes behind all that has not. */
const MENDED = 100;

/**
 * Picks the findings that ask for somebody soonest, those first; of one kind in the order in which they were found. One
 * pass; of each kind it holds `count` at most.
 */
export function takeWorst(findings: Iterable<Finding>, count: number): readonly Finding[] {
  const byUrgency = new Map<number, Finding[]>();
  for (const finding of findings) {
    const urgency = URGENCY[finding.kind] + (finding.detail.healedFrom === undefined ? 0 : MENDED);
    const same = byUrgency.get(urgency);
    if (same === undefined) byUrgency.set(urgency, [finding]);
    else if (same.length < count) same.push(finding);
  }
  const worstFirst = [...byUrgency].toSorted(([a], [b]) => a - b);
  return worstFirst.flatMap(([, same]) => same).slice(0, count);
}

/** Counts the findings of each kind, the most urgent kind first. One pass. */
export function countKinds(findings: Iterable<Finding>): ReadonlyMap<FindingKind, number> {
  const counts = new Map<FindingKind, number>();
  for (const { kind } of findings) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return new Map([...counts].toSorted(([a], [b]) => URGENCY[a] - URGENCY[b]));
}
