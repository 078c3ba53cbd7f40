import type { Defect } from "../audio/structure.ts";
import type { InspectResult } from "./inspect-file.ts";

/** Says what a file is and whether it is whole: the one sentence that a person reads who reads nothing else. */
export function toHeadline(result: InspectResult): string {
  const { status, content } = result;
  switch (status) {
    case "complete":
      return `${content}, complete`;
    case "not-audio":
      return `not audio: ${content}`;
    case "unknown":
      return `${content}; it does not say how much there should be, and nothing is wrong with what is there`;
    case "damaged":
      return `${content}, ${toDamageWords(result)}`;
  }
}

function toDamageWords(result: InspectResult): string {
  const { defects, complete } = result;
  const holes = defects.filter(({ kind, atSeconds }) => kind === "corrupt-frames" && atSeconds !== undefined);
  if (holes.length > 0) return toHoleWords(holes);
  const [first] = defects;
  if (first?.kind === "trailing-data" && complete !== false) {
    return `complete, but ${first.found ?? "some"} bytes follow that do not belong to it`;
  }
  if (first?.kind === "truncated" || first?.kind === "duration-mismatch") return toLengthWords(result, first);
  return `damaged: ${first?.message ?? "not complete"}`;
}

/** A header that states the length says more than any sentence about it. */
function toLengthWords({ durationSeconds, declaredDurationSeconds }: InspectResult, { kind, message }: Defect): string {
  const verdict = kind === "truncated" ? "cut short" : "damaged";
  if (durationSeconds === null || durationSeconds === 0) return `${verdict}: ${message}`;
  if (declaredDurationSeconds === null) return `${verdict}: holds ${toSeconds(durationSeconds, 1)}, and has no end`;
  const isClose = Math.abs(declaredDurationSeconds - durationSeconds) < 0.1;
  if (isClose && declaredDurationSeconds === durationSeconds) return `${verdict}: ${message}`;
  const digits = isClose ? 3 : 1;
  return `${verdict}: declares ${toSeconds(declaredDurationSeconds, digits)}, holds ${toSeconds(durationSeconds, digits)}`;
}

function toHoleWords(holes: readonly Defect[]): string {
  const [first] = holes;
  const place = toClock(first?.atSeconds ?? 0);
  const lostSeconds = holes.reduce((sum, hole) => sum + (hole.lostSeconds ?? 0), 0);
  const where = holes.length === 1 ? `at ${place}` : `in ${holes.length} places, the first at ${place}`;
  if (lostSeconds === 0) return `damaged ${where}`;
  return `damaged: ${toSeconds(lostSeconds, lostSeconds < 0.1 ? 3 : 1)} lost ${where}`;
}

function toSeconds(seconds: number, digits: number): string {
  return `${seconds.toFixed(digits)} s`;
}

/** Writes a place in a recording as a player shows it: `02:30`, `1:02:30`. */
function toClock(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const clock = [minutes, rest].map((part) => String(part).padStart(2, "0")).join(":");
  return hours > 0 ? `${hours}:${clock}` : clock;
}
