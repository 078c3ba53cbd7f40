import type { LedgerEntry } from "../core/ledger-event.ts";
import { tryParseEntryLine } from "./entry-line.ts";
import { LedgerBrokenError } from "./errors.ts";
import { LINE_FEED, readLedgerLines } from "./read-ledger-lines.ts";

/** A part of a ledger's events. */
export interface ReplaySpan {
  readonly startSeq: number;
  readonly startByte: number;
  /** @default the end of the file */
  readonly endByte?: number | undefined;
}

/** An event as it was read. */
export interface ReplayedEvent {
  readonly entry: LedgerEntry;
  /** Its line without the line feed; good only during the call. */
  readonly line: Buffer;
  readonly byteOffset: number;
}

/** What reading came to. */
export interface Replayed {
  /** Where the last whole event ends. */
  readonly endByte: number;
  /** What stands behind it: a line that a crash has torn. */
  readonly torn: Buffer | undefined;
}

/**
 * Reads events in order, each with the number that must follow.
 *
 * @throws {LedgerBrokenError} a line that is not the last one is no event, or an event is not the one that must follow.
 */
export async function replayEvents(
  path: string,
  { startSeq, startByte, endByte = Number.POSITIVE_INFINITY }: ReplaySpan,
  onEvent: (event: ReplayedEvent) => void,
): Promise<Replayed> {
  let [seq, wholeBytes] = [startSeq, startByte];
  let torn: Buffer | undefined;
  for await (const lines of readLedgerLines(path, { startByte, endByte })) {
    for (const { bytes: line, byteOffset, isWhole } of lines) {
      if (torn !== undefined) throw new LedgerBrokenError(`not an event of a ledger: byte ${wholeBytes} of ${path}`);
      const entry = isWhole ? tryParseEntryLine(line) : undefined;
      if (entry === undefined) {
        torn = isWhole ? Buffer.concat([line, Buffer.of(LINE_FEED)]) : Buffer.from(line);
        continue;
      }
      if (entry.seq !== seq) {
        throw new LedgerBrokenError(
          `event ${entry.seq} stands where event ${seq} must be: byte ${byteOffset} of ${path}`,
        );
      }
      onEvent({ entry, line, byteOffset });
      seq += 1;
      wholeBytes = byteOffset + line.length + 1;
    }
  }
  return { endByte: wholeBytes, torn };
}
