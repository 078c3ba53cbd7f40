import type { EventType, LedgerEntry } from "../../../core/ledger-event.ts";
import type { RecordingId } from "../../../core/recording-id.ts";

/** Which events are asked for; what is undefined or empty asks for nothing. */
export interface EventFilter {
  readonly recordingId: RecordingId | undefined;
  readonly case: string | undefined;
  readonly types: readonly EventType[];
  /** The events from this instant on, by the clock of who wrote them. */
  readonly sinceMs: number | undefined;
  readonly untilMs: number | undefined;
}

/** Tells whether an event is one of those that are asked for. */
export function isAskedFor(entry: LedgerEntry, filter: EventFilter): boolean {
  const { recordingId, types, sinceMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY } = filter;
  if (types.length > 0 && !types.includes(entry.type)) return false;
  if (recordingId !== undefined && !isAbout(entry, recordingId)) return false;
  if (filter.case !== undefined && !isOfCase(entry, filter.case)) return false;
  const atMs = Date.parse(entry.at);
  // An instant that cannot be read is shown rather than hidden.
  return Number.isNaN(atMs) || (atMs >= sinceMs && atMs < untilMs);
}

const CASE_TYPES: readonly EventType[] = ["held", "released", "exported"];

function isAbout({ subject, type, detail }: LedgerEntry, recordingId: RecordingId): boolean {
  if (type !== "held") return subject === recordingId;
  const named = (detail?.["criteria"] as { readonly recordingIds?: unknown } | undefined)?.recordingIds;
  return Array.isArray(named) && named.includes(recordingId);
}

function isOfCase({ subject, type, detail }: LedgerEntry, name: string): boolean {
  return (CASE_TYPES.includes(type) && subject === name) || detail?.["case"] === name;
}
