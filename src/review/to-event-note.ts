import type { LedgerEntry } from "../core/ledger-event.ts";

/** What of an event's detail a reader of the timeline is told, in this order and under these names. */
const TOLD_FIELDS = ["case", "reason", "command", "key", "label", "level", "outcome"] as const;

/** Longer notes end in dots: the whole event stands in `custody.jsonl`. */
const MAX_NOTE_LENGTH = 300;

/**
 * Gives what else a reader should know of an event of a recording's timeline: of which case it is, why it was done, what
 * was made.
 *
 * @returns undefined when there is no more to say than what kind of event it is.
 */
export function toEventNote(
  { type, subject, detail = {} }: LedgerEntry,
  recordingId: string | undefined,
): string | undefined {
  const isOfCase = type === "held" || type === "released";
  const told = { ...(isOfCase && subject !== recordingId ? { case: subject } : {}), ...detail };
  const notes = TOLD_FIELDS.flatMap((field) => {
    const value = Object.hasOwn(told, field) ? told[field as keyof typeof told] : undefined;
    return typeof value === "string" && value !== "" ? [`${field}: ${value}`] : [];
  });
  const note = [...notes, ...toOutputNotes(detail["outputs"])].join("; ");
  if (note === "") return undefined;
  return note.length > MAX_NOTE_LENGTH ? `${note.slice(0, MAX_NOTE_LENGTH)} …` : note;
}

/** Of a conversion: under which profiles copies were made. */
function toOutputNotes(outputs: unknown): readonly string[] {
  if (!Array.isArray(outputs)) return [];
  const profiles = outputs.flatMap((output: unknown) =>
    typeof output === "object" && output !== null && "profile" in output ? [String(output.profile)] : [],
  );
  return profiles.length === 0 ? [] : [`made: ${profiles.join(", ")}`];
}
