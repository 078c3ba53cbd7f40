import type { LedgerEntry } from "../../../core/ledger-event.ts";
import type { Sequence } from "../../../core/sequence.ts";
import { type Output, toVisible } from "../../terminal.ts";

/** Events that are written together. */
const EVENTS_AT_ONCE = 1000;

/** Of what an event tells beside its subject, as much as a line has room for. */
const MAX_DETAIL_LENGTH = 100;

const SEQ_WIDTH = 8;
const TYPE_WIDTH = 13;

/** Writes events for a person, a line each, in bounded memory. */
export function printEvents(output: Output, events: Sequence<LedgerEntry>): void {
  let lines: string[] = [];
  for (const event of events) {
    lines.push(toLine(event));
    if (lines.length < EVENTS_AT_ONCE) continue;
    output.print(...lines);
    lines = [];
  }
  output.print(...lines);
}

function toLine({ seq, at, type, subject, actor, detail }: LedgerEntry): string {
  const told = detail === undefined ? "" : JSON.stringify(detail);
  const short = told.length > MAX_DETAIL_LENGTH ? `${told.slice(0, MAX_DETAIL_LENGTH)}…` : told;
  const place = `${String(seq).padStart(SEQ_WIDTH)}  ${at}  ${type.padEnd(TYPE_WIDTH)}`;
  return toVisible(`${place}  ${subject}  ${actor}  ${short}`.trimEnd());
}
