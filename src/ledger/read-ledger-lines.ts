import { type ByteSpan, readFileChunks } from "../io/read-file.ts";
import { MAX_LINE_BYTES } from "./entry-line.ts";

export const LINE_FEED = 0x0a;

/** Bytes of a ledger's events, and where they stand. */
export interface LedgerBytes {
  readonly bytes: Buffer;
  readonly byteOffset: number;
}

/** A line without its line feed. */
export interface LedgerLine extends LedgerBytes {
  /** Whether a line feed ends it. */
  readonly isWhole: boolean;
}

/**
 * Reads whole lines, as many at a time as come at once; the bytes are good only until the next are asked for. What is
 * longer than a line may be comes in pieces without a line feed, so that memory stays bounded; so does a half line at the end.
 *
 * @throws {NotFoundError} there is no such file.
 */
export async function* readLineBlocks(
  path: string,
  span?: ByteSpan,
  signal?: AbortSignal,
): AsyncGenerator<LedgerBytes> {
  let rest = Buffer.alloc(0);
  let byteOffset = span?.startByte ?? 0;
  for await (const chunk of readFileChunks(path, signal, span)) {
    const bytes = rest.length === 0 ? toBuffer(chunk) : Buffer.concat([rest, chunk]);
    const wholeBytes = bytes.lastIndexOf(LINE_FEED) + 1;
    const givenBytes = wholeBytes === 0 && bytes.length > MAX_LINE_BYTES ? bytes.length : wholeBytes;
    rest = Buffer.from(bytes.subarray(givenBytes));
    if (givenBytes > 0) yield { bytes: bytes.subarray(0, givenBytes), byteOffset };
    byteOffset += givenBytes;
  }
  if (rest.length > 0) yield { bytes: rest, byteOffset };
}

/** Reads lines one by one, in batches, as {@link readLineBlocks} does. */
export async function* readLedgerLines(
  path: string,
  span?: ByteSpan,
  signal?: AbortSignal,
): AsyncGenerator<readonly LedgerLine[]> {
  for await (const block of readLineBlocks(path, span, signal)) yield splitLines(block);
}

function splitLines({ bytes, byteOffset }: LedgerBytes): readonly LedgerLine[] {
  const lines: LedgerLine[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
    lines.push({ bytes: bytes.subarray(start, end), byteOffset: byteOffset + start, isWhole: true });
    start = end + 1;
  }
  if (start < bytes.length) {
    lines.push({ bytes: bytes.subarray(start), byteOffset: byteOffset + start, isWhole: false });
  }
  return lines;
}

function toBuffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
