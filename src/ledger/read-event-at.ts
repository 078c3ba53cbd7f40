import { type FileHandle, open } from "node:fs/promises";
import type { LedgerEntry } from "../core/ledger-event.ts";
import { toStorageError } from "../io/errors.ts";
import { MAX_LINE_BYTES, tryParseEntryLine } from "./entry-line.ts";
import { LINE_FEED } from "./read-ledger-lines.ts";

/** Most lines are shorter. */
const FIRST_READ_BYTES = 4096;

/** An event, and where it ends. */
export interface EventAt {
  readonly entry: LedgerEntry;
  /** Without the line feed. */
  readonly line: Buffer;
  /** The byte behind its line feed. */
  readonly endByte: number;
}

/**
 * Reads the event that begins at a byte; undefined when none does.
 *
 * @throws {NotFoundError} there is no such file.
 */
export async function tryReadEventAt(path: string, startByte: number): Promise<EventAt | undefined> {
  if (!Number.isSafeInteger(startByte)) return undefined;
  try {
    const file = await open(path, "r");
    const line = await readLineAt(file, startByte).finally(() => file.close());
    const entry = line && tryParseEntryLine(line);
    return line && entry && { entry, line, endByte: startByte + line.length + 1 };
  } catch (error) {
    throw toStorageError(path, error);
  }
}

async function readLineAt(file: FileHandle, startByte: number): Promise<Buffer | undefined> {
  for (const lengthBytes of [FIRST_READ_BYTES, MAX_LINE_BYTES + 1]) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(lengthBytes), 0, lengthBytes, startByte);
    const end = buffer.subarray(0, bytesRead).indexOf(LINE_FEED);
    if (end >= 0) return buffer.subarray(0, end);
  }
  return undefined;
}
