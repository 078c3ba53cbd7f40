const UNITS_MS = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;

/** One number for each unit, the longest unit first. */
const DURATION = /^(?=.)(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/**
 * Reads a length of time such as `30d`, `12h`, `2h30m`, `90s` or `4w`, as milliseconds.
 *
 * @returns undefined for anything else, and for none at all.
 */
export function tryParseDurationMs(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (match === null) return undefined;
  const totalMs = Object.values(UNITS_MS).reduce(
    (sum, unitMs, index) => sum + Number(match[index + 1] ?? 0) * unitMs,
    0,
  );
  return totalMs > 0 && Number.isSafeInteger(totalMs) ? totalMs : undefined;
}
