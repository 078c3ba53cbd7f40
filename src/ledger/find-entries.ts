import type { EventType, LedgerEntry } from "../core/ledger-event.ts";
import type { ByteSpan } from "../io/read-file.ts";
import { tryParseEntryLine } from "./entry-line.ts";
import { LedgerBrokenError } from "./errors.ts";
import { type LedgerBytes, LINE_FEED, readLedgerLines, readLineBlocks } from "./read-ledger-lines.ts";

/** What is looked for, and how far. */
export interface Search {
  readonly types: readonly EventType[];
  readonly endByte: number;
}

/**
 * Finds the events of some types, in order. Only lines that name one of them are parsed.
 *
 * @throws {LedgerBrokenError} such a line is no event.
 */
export async function* findEntries(path: string, { types, endByte }: Search): AsyncGenerator<LedgerEntry> {
  const wanted = new Set(types);
  const needles = [...wanted].map((type) => Buffer.from(`"type":"${type}"`));
  for await (const block of readLineBlocks(path, { startByte: 0, endByte })) {
    for (const start of findLineStarts(block.bytes, needles)) {
      const entry = parseLineAt(block, start);
      if (entry === undefined) {
        throw new LedgerBrokenError(`not an event of a ledger: byte ${block.byteOffset + start} of ${path}`);
      }
      // What was found may stand in the details.
      if (wanted.has(entry.type)) yield entry;
    }
  }
}

/**
 * Reads events in order.
 *
 * @throws {LedgerBrokenError} a line is no event, or not the one that must follow.
 */
export async function* readEntries(
  path: string,
  { startSeq, ...span }: ByteSpan & { readonly startSeq: number },
): AsyncGenerator<LedgerEntry> {
  let seq = startSeq;
  for await (const lines of readLedgerLines(path, span)) {
    for (const { bytes, byteOffset } of lines) {
      const entry = tryParseEntryLine(bytes);
      if (entry?.seq !== seq) throw new LedgerBrokenError(`event ${seq} is not at byte ${byteOffset} of ${path}`);
      yield entry;
      seq += 1;
    }
  }
}

function findLineStarts(bytes: Buffer, needles: readonly Buffer[]): Iterable<number> {
  const starts = new Set<number>();
  for (const needle of needles) {
    for (let found = bytes.indexOf(needle); found >= 0; ) {
      starts.add(bytes.lastIndexOf(LINE_FEED, found) + 1);
      const end = bytes.indexOf(LINE_FEED, found);
      found = end < 0 ? -1 : bytes.indexOf(needle, end);
    }
  }
  return [...starts].sort((a, b) => a - b);
}

function parseLineAt({ bytes }: LedgerBytes, start: number): LedgerEntry | undefined {
  const end = bytes.indexOf(LINE_FEED, start);
  return end < 0 ? undefined : tryParseEntryLine(bytes.subarray(start, end));
}
