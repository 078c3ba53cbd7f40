import type { PackagedRecording } from "../core/packaged-recording.ts";
import type { ExportItem } from "./export-plan.ts";

/** What became of one original that was asked for. */
export interface ExportResult {
  /** The recording's id, or the path of a file. */
  readonly subject: string;
  readonly status: "exported" | "not-exported" | "failed" | "removed" | "not-in-archive";
  /** Where it stands in the package. */
  readonly packagePath?: string;
  readonly controlNumber?: string;
  readonly sizeBytes?: number;
  readonly sha256?: string;
  /** Where the copy for listening stands. */
  readonly listeningPath?: string;
  /** What a reader should know of it, a sentence each. */
  readonly remarks?: readonly string[];
}

/** Gives what reports call an item. */
export function toSubject(item: ExportItem): string {
  return item.kind === "recording" ? item.recording.recordingId : item.file.path;
}

/** Tells of an original that is in a package. */
export function toExported(
  item: ExportItem,
  { controlNumber, original, listeningCopy }: PackagedRecording,
  uncopied: string | undefined,
): ExportResult {
  return {
    subject: toSubject(item),
    status: "exported",
    packagePath: original.path,
    controlNumber,
    sizeBytes: original.sizeBytes,
    sha256: original.sha256,
    ...(listeningCopy === undefined ? {} : { listeningPath: listeningCopy.path }),
    ...(uncopied === undefined ? {} : { remarks: [`there is no copy for listening: ${uncopied}`] }),
  };
}
