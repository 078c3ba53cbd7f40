/** Writes a number of bytes for a person, in decimal units: `23.3 MB`. */
export function toByteWords(bytes: number): string {
  const units = ["kB", "MB", "GB", "TB"];
  if (bytes < 1000) return `${bytes} B`;
  // What rounds to 1000.0 of one unit is 1.0 of the next.
  const fits = units.findIndex((_, index) => bytes / 1000 ** (index + 1) < 999.95);
  const index = fits === -1 ? units.length - 1 : fits;
  return `${(bytes / 1000 ** (index + 1)).toFixed(1)} ${units[index]}`;
}

/** Writes a length of time for a person: `0:42`, `29:07`, `5:00:12`. */
export function toDurationWords(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const tail = `${String(rest).padStart(2, "0")}`;
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

const SPANS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** Writes a span of time in the units that it takes: `30 days`, `2 hours 30 minutes`. */
export function toSpanWords(spanMs: number): string {
  const words: string[] = [];
  let restMs = spanMs;
  for (const [noun, unitMs] of SPANS) {
    const count = Math.floor(restMs / unitMs);
    restMs -= count * unitMs;
    if (count > 0) words.push(toCountWords(count, noun));
  }
  return words.length === 0 ? toCountWords(0, "second") : words.join(" ");
}

/** Writes a count with its noun: `1 file`, `24 files`. */
export function toCountWords(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Sets rows out in columns, numbers to the right. */
export function toTable(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        /^[\d.]/.test(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}
