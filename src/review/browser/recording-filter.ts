import type { ListedRecording } from "../page-data.ts";

/** What a person asks of the list; an empty text asks for nothing. */
export interface RecordingFilter {
  readonly search: string;
  readonly direction: string;
  readonly evidence: string;
  readonly state: string;
  /** Days in UTC, both inclusive. */
  readonly from: string;
  readonly until: string;
  /** Whether only calls of which there are several recordings are asked for. */
  readonly legs: boolean;
}

/** What the filters call what is not known. */
export const UNKNOWN = "unknown";

/** A recording with what a search looks through. */
export interface SearchableRecording extends ListedRecording {
  /** Its place in the page's data. */
  readonly index: number;
  readonly searched: string;
}

/** Makes a recording ready to be searched. */
export function toSearchable(recording: ListedRecording, index: number): SearchableRecording {
  const { controlNumber, recordingId, callId, sourceName, startedAt, from, to, format, sha256 } = recording;
  const texts = [controlNumber, recordingId, callId, sourceName, startedAt, from, to, format, sha256];
  const { direction, grade } = recording;
  return { ...recording, index, searched: fold([...texts, direction, grade].map((text) => text ?? "").join("\n")) };
}

/** Gives the recordings that fit all that is asked; of a search, each word. */
export function findRecordings(
  recordings: readonly SearchableRecording[],
  filter: RecordingFilter,
): readonly SearchableRecording[] {
  const words = fold(filter.search).split(/\s+/).filter(Boolean);
  return recordings.filter(
    (recording) => fits(recording, filter) && words.every((word) => recording.searched.includes(word)),
  );
}

function fits(recording: ListedRecording, { direction, evidence, state, from, until, legs }: RecordingFilter): boolean {
  return (
    isAsked(direction, recording.direction) &&
    isAsked(evidence, recording.grade) &&
    (state === "" || state === toState(recording)) &&
    isWithin(recording.startedAt, from, until) &&
    (!legs || recording.familyFirst !== recording.familyLast)
  );
}

function isAsked(wanted: string, known: string | null): boolean {
  return wanted === "" || wanted === (known ?? UNKNOWN);
}

function toState({ format, isDamaged }: ListedRecording): "damaged" | "sound" | "none" {
  if (format === null) return "none";
  return isDamaged ? "damaged" : "sound";
}

/** What has no time lies within no days. */
function isWithin(startedAt: string | null, from: string, until: string): boolean {
  if (from === "" && until === "") return true;
  const day = startedAt?.slice(0, 10);
  return day !== undefined && (from === "" || day >= from) && (until === "" || day <= until);
}

function fold(text: string): string {
  return text.normalize("NFC").toLowerCase();
}
