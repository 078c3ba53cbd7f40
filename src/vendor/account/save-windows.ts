import type { ListFilter } from "../recording-source.ts";
import { toGregorianSeconds } from "./gregorian.ts";

/** A range of times of saving, both ends inclusive, in Gregorian seconds. */
export interface SaveWindow {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** The server likely refuses a wider range with 400 [K]; the vendor deletes after 30 days anyway [D]. */
const MAX_WINDOW_SECONDS = 31 * 86_400;

/** What two windows share, so that nothing falls between them. */
const OVERLAP_SECONDS = 60;

/** How long after its start a recording may still be saved: a very long call, and the time to process it. */
const LATEST_SAVE_MS = 86_400_000;

/** How far the vendor's clock may be ahead of ours before what it saved last is left for the next list. */
const CLOCK_DIFFERENCE_MS = 5 * 60_000;

/**
 * Cuts what a filter asks for into ranges that the server accepts, the oldest first: that is deleted first.
 *
 * A filter means the time of a recording itself, the server the time at which it was saved [K], which is later. So
 * what is asked for begins where the filter does, and ends a day behind it. Without a beginning it is the last 31
 * days, which is more than the vendor keeps [D].
 */
export function planSaveWindows({ sinceMs, untilMs }: ListFilter, nowMs: number): readonly SaveWindow[] {
  const latestMs = nowMs + CLOCK_DIFFERENCE_MS;
  const end = toGregorianSeconds(Math.min(latestMs, (untilMs ?? latestMs) + LATEST_SAVE_MS));
  const start = sinceMs === undefined ? toGregorianSeconds(latestMs) - MAX_WINDOW_SECONDS : toGregorianSeconds(sinceMs);
  const windows: SaveWindow[] = [];
  for (let fromSeconds = start; fromSeconds <= end; ) {
    const toSeconds = Math.min(end, fromSeconds + MAX_WINDOW_SECONDS);
    windows.push({ fromSeconds, toSeconds });
    fromSeconds = toSeconds === end ? end + 1 : toSeconds - OVERLAP_SECONDS;
  }
  return windows;
}
