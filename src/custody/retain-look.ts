import type { RecordingHistory } from "../core/verification.ts";

/** Why the last look at a recording does not allow to remove it. */
export type LookProblem = "never" | "too-long-ago" | "ahead-of-clock" | "damaged" | "missing" | "unreachable";

/** When, and how closely, a recording must have been looked at. */
export interface LookSpan {
  readonly sinceMs: number;
  readonly nowMs: number;
  /** @default "digest" */
  readonly level?: "digest" | "structure";
}

/**
 * Tells what is wrong with what is known of looking at a recording, for removing it: its bytes must have been read, as they were
 * recorded, not before an instant, at a level or closer. To remove what is damaged or gone would hide the loss. Pure.
 *
 * @returns undefined when nothing is.
 */
export function findLookProblem(
  history: Pick<RecordingHistory, "status" | "lastCheckedAtMs"> | undefined,
  { sinceMs, nowMs, level = "digest" }: LookSpan,
): LookProblem | undefined {
  if (history?.status === undefined) return "never";
  if (history.status !== "ok") return history.status;
  const lookedAtMs = history.lastCheckedAtMs[level];
  if (lookedAtMs === undefined) return "never";
  if (lookedAtMs > nowMs) return "ahead-of-clock";
  return lookedAtMs < sinceMs ? "too-long-ago" : undefined;
}
