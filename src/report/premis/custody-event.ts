import type { LedgerEntry } from "../../core/ledger-event.ts";
import type { PackagedRecording } from "../../core/packaged-recording.ts";
import { CUSTODY_WORDS } from "./custody-words.ts";
import { type PremisEventType, toEvent } from "./event.ts";
import type { PackageFacts } from "./package-facts.ts";
import { ANY_PROGRAM, toAccountIdentifier, toLedgerIdentifier, toRecordingIdentifier } from "./package-identifiers.ts";

/** What may be told of an event that is about more than one recording: the rest of its detail can name others. */
const SHARED_FACTS: readonly string[] = ["reason", "carriedFrom"];

/** Tells whether an event may be about other recordings too, as those are that have a case for their subject. */
export function isShared({ type, subject }: LedgerEntry, { recordingId }: PackagedRecording): boolean {
  return type === "held" || type === "released" || subject !== recordingId;
}

/**
 * Writes an event of the ledger. It links to the recording, unless it may be about several: then those link to it.
 *
 * The ledger does not say how an event ended, so that there is no outcome, and what else it says are notes.
 */
export function toCustodyEvent(entry: LedgerEntry, recording: PackagedRecording, facts: PackageFacts): string {
  const { seq, at, actor } = entry;
  const shared = isShared(entry, recording);
  return toEvent({
    identifier: toLedgerIdentifier(seq, facts),
    ...toWords(entry),
    at,
    notes: [...(shared ? toSharedNotes(entry) : toOwnNotes(entry))],
    agents: [
      { agent: ANY_PROGRAM, role: "executing program" },
      { agent: toAccountIdentifier(actor), role: "implementer" },
    ],
    objects: shared ? [] : [{ object: toRecordingIdentifier(entry.subject) }],
  });
}

/** A later version may have written types that this one has no words for. */
function toWords({ type }: LedgerEntry): { readonly type: PremisEventType; readonly detail: readonly string[] } {
  if (!Object.hasOwn(CUSTODY_WORDS, type)) return { type: { own: type }, detail: [`An event of the type ${type}.`] };
  const { term, sentence } = CUSTODY_WORDS[type];
  return { type: term === undefined ? { own: type } : { term }, detail: [sentence] };
}

function* toOwnNotes({ digests = {}, detail = {} }: LedgerEntry): Generator<string> {
  for (const [name, digest] of Object.entries(digests)) yield `SHA-256 of ${name}: ${digest}`;
  for (const [name, value] of Object.entries(detail)) yield toNote(name, value);
}

function* toSharedNotes({ type, subject, detail = {} }: LedgerEntry): Generator<string> {
  if (type === "held" || type === "released") yield `case: ${subject}`;
  for (const [name, value] of Object.entries(detail)) if (SHARED_FACTS.includes(name)) yield toNote(name, value);
}

function toNote(name: string, value: unknown): string {
  return `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`;
}
