import type { FileHandle } from "node:fs/promises";
import { tryParseJson } from "../core/try-parse-json.ts";

const CHUNK_BYTES = 1 << 16;
const LINE_FEED = 0x0a;

/**
 * Makes an NDJSON file end with a line end, so that the next line is not glued to half a one: a last line that is
 * whole but for its end gets one, as an editor may have left it; anything else was torn by a crash and is cut off.
 *
 * @param file - Open for reading and appending.
 * @throws the system's error.
 */
export async function mendLastLine(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  const wholeBytes = await findLastLineEnd(file, size);
  if (wholeBytes === size) return;
  const { buffer } = await file.read({ buffer: Buffer.alloc(size - wholeBytes), position: wholeBytes });
  if (tryParseJson(buffer.toString()) === undefined) await file.truncate(wholeBytes);
  else await file.appendFile("\n");
  await file.sync();
}

/** Reads backwards, for the file may be large and the last line is short. */
async function findLastLineEnd(file: FileHandle, sizeBytes: number): Promise<number> {
  for (let end = sizeBytes; end > 0; end -= CHUNK_BYTES) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const { buffer } = await file.read({ buffer: Buffer.alloc(end - start), position: start });
    const index = buffer.lastIndexOf(LINE_FEED);
    if (index >= 0) return start + index + 1;
  }
  return 0;
}
