import { toIsoInstant } from "../core/clock.ts";
import type { CheckAges, VerifyLevel } from "../core/verification.ts";
import type { ReportChart } from "../report/report-table.ts";
import { toCountWords } from "./wording.ts";

const DAY_MS = 86_400_000;

/** The ages that a chart tells apart, by the last whole day of each. */
const AGES: readonly (readonly [label: string, lastDay: number])[] = [
  ["today", 0],
  ["1–7 days", 7],
  ["8–30 days", 30],
  ["31–90 days", 90],
  ["91–365 days", 365],
  ["over a year", Number.POSITIVE_INFINITY],
];

/** Writes how long ago something was in whole days: `41 days`. What lies ahead, by a clock that was set back, is of today. */
export function toAgeWords(instantMs: number, nowMs: number): string {
  return toCountWords(toWholeDays(instantMs, nowMs), "day");
}

function toWholeDays(instantMs: number, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - instantMs) / DAY_MS));
}

/** How old the look at the recording is that was not looked at for longest. */
export interface OldestAge {
  /** When it was last looked at, or stored if never. */
  readonly since: string;
  readonly days: number;
  readonly neverChecked: number;
}

/** Makes what `--json` says of the oldest look; undefined where there is no recording. */
export function toOldestAge({ oldestMs, neverChecked }: CheckAges, nowMs: number): OldestAge | undefined {
  if (oldestMs === undefined) return undefined;
  return { since: toIsoInstant(oldestMs), days: toWholeDays(oldestMs, nowMs), neverChecked };
}

/** Tells how long the recording that was not looked at for longest was not looked at; nothing where there is none. */
export function toOldestLines({ oldestMs, neverChecked }: CheckAges, nowMs: number): readonly string[] {
  if (oldestMs === undefined) return [];
  const never =
    neverChecked === 0 ? "" : `; never looked at since they were stored: ${toCountWords(neverChecked, "recording")}`;
  return [`oldest unverified: ${toAgeWords(oldestMs, nowMs)}${never}`];
}

/**
 * Counts the recordings by how long ago they were last looked at, each once. What was never looked at so closely counts from
 * when it was stored, as it does in {@link CheckAges}; the chart says so.
 */
export function toAgeChart({ byDay, neverChecked }: CheckAges, level: VerifyLevel): ReportChart {
  const counts = AGES.map(() => 0);
  for (const { days, recordings } of byDay) {
    const age = AGES.findIndex(([, lastDay]) => days <= lastDay);
    counts[age] = (counts[age] ?? 0) + recordings;
  }
  const never = neverChecked === 0 ? "" : ` Never looked at since: ${toCountWords(neverChecked, "recording")}.`;
  return {
    title: "Since when",
    caption: `When the recordings of the archive were last looked at, at level ${level} or a closer one. One that never was counts from when it was stored.${never}`,
    heads: ["Last looked at, or stored", "Recordings"],
    bars: AGES.map(([label], index) => ({ label, value: counts[index] ?? 0 })),
  };
}
