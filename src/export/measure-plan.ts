import type { Archive } from "../archive/archive.ts";
import type { ExportPlan } from "./export-plan.ts";

/** How much a plan names. */
export interface PlanSize {
  readonly recordings: number;
  readonly files: number;
  readonly bytes: number;
  /** Of the recordings; how long files are is not known before they are read. */
  readonly durationSeconds: number;
}

/**
 * Counts what a plan names, by the archive's records.
 *
 * @throws {SidecarInvalidError} a record cannot be read, or is not the one that was written.
 */
export async function measurePlan(
  { items }: ExportPlan,
  archive: Pick<Archive, "findCatalogued"> | undefined,
  signal?: AbortSignal,
): Promise<PlanSize> {
  let durationSeconds = 0;
  let recordings = 0;
  for (const item of items) {
    signal?.throwIfAborted();
    if (item.kind === "file") continue;
    recordings += 1;
    const located = await archive?.findCatalogued(item.recording.recordingId);
    durationSeconds += located?.sidecar.original.structure.durationSeconds ?? 0;
  }
  const bytes = items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return { recordings, files: items.length - recordings, bytes, durationSeconds };
}
