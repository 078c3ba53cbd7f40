import { randomUUID } from "node:crypto";
import { toIsoInstant } from "./clock.ts";

/** Makes `20260115T103510Z-1f9a4c2e`: a name for a run that sorts by time and that no two machines give alike. */
export function toRunId(startedAtMs: number): string {
  const instant = toIsoInstant(startedAtMs).replaceAll(/[-:]|\.\d+/g, "");
  return `${instant}-${randomUUID().slice(0, 8)}`;
}
