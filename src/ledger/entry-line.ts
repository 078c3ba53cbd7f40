import type { EventType, LedgerEntry, LedgerEvent } from "../core/ledger-event.ts";
import { tryParseJson } from "../core/try-parse-json.ts";

/** The longest line, without its line feed. */
export const MAX_LINE_BYTES = 1 << 20;

/** What is known of an event before its place is. */
export type Unplaced = Omit<LedgerEntry, "seq">;

/** Puts an event's fields into the order in which they are written. */
export function toUnplaced(event: LedgerEvent, { at, actor, run }: Pick<Unplaced, "at" | "actor" | "run">): Unplaced {
  const { type, subject, digests, detail } = event;
  return { at, actor, run, type, subject, digests, detail };
}

/** Writes all of an event's line but its beginning, which names its place. */
export function toLineRest(unplaced: Unplaced): string {
  const rest = JSON.stringify(unplaced).slice(1);
  // The place takes at most 24 characters.
  if (Buffer.byteLength(rest) + 24 > MAX_LINE_BYTES) {
    throw new Error(`internal error: an event of type ${unplaced.type} is longer than a line of the ledger may be`);
  }
  return rest;
}

/** Writes an event's line, with its line feed. */
export function toEntryLine(seq: number, lineRest: string): Buffer {
  return Buffer.from(`{"seq":${seq},${lineRest}\n`);
}

/** Reads the line of an event, without its line feed; undefined for what this program does not write. */
export function tryParseEntryLine(line: Buffer): LedgerEntry | undefined {
  if (line.length > MAX_LINE_BYTES) return undefined;
  const text = line.toString();
  const value = tryParseJson(text);
  if (!isRecord(value)) return undefined;
  const { seq, at, actor, run, type, subject, digests, detail } = value;
  if (typeof seq !== "number" || !Number.isSafeInteger(seq) || seq < 0) return undefined;
  if (typeof at !== "string" || typeof actor !== "string" || typeof run !== "string") return undefined;
  if (typeof type !== "string" || typeof subject !== "string") return undefined;
  if (!isDigests(digests) || (detail !== undefined && !isRecord(detail))) return undefined;
  // Written with escapes, it would say one thing to a parser and another to who searches the bytes for the type.
  if (!text.includes(`"type":"${type}"`)) return undefined;
  // A later version may have written a type that this one does not know.
  return { seq, at, actor, run, type: type as EventType, subject, digests, detail };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isDigests(value: unknown): value is LedgerEntry["digests"] {
  if (value === undefined) return true;
  if (!isRecord(value)) return false;
  for (const name in value) {
    const digest = value[name];
    if (typeof digest !== "string" || !/^[0-9a-f]{64}$/.test(digest)) return false;
  }
  return true;
}
