import { isUtf8 } from "node:buffer";
import { LINE_FEED } from "./read-ledger-lines.ts";

/**
 * Cuts bytes into lines, without their line feeds; undefined for one that is no UTF-8, longer than `maxBytes`, or has no line feed
 * behind it. Memory is bounded: of a line that is too long nothing is kept.
 */
export async function* cutLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<string | undefined> {
  let pieces: Buffer[] = [];
  let lengthBytes = 0;
  const keep = (piece: Buffer) => {
    lengthBytes += piece.length;
    if (lengthBytes <= maxBytes) pieces.push(piece);
    else pieces = [];
  };
  for await (const chunk of chunks) {
    // Whoever gives a chunk may use it again.
    const bytes = Buffer.from(chunk);
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      keep(bytes.subarray(start, end));
      yield lengthBytes > maxBytes ? undefined : tryToText(Buffer.concat(pieces));
      pieces = [];
      lengthBytes = 0;
      start = end + 1;
    }
    keep(bytes.subarray(start));
  }
  if (lengthBytes > 0) yield undefined;
}

function tryToText(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString() : undefined;
}
