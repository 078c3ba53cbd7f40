import { parseRecordingId, type RecordingId } from "../core/recording-id.ts";
import { readLines } from "../io/read-lines.ts";

/**
 * Reads a file of recording ids, one a line. Blank lines, and lines that begin with `#`, do not count.
 *
 * @throws {NotFoundError} there is no such file.
 * @throws {UnsafeNameError} a line is no recording id.
 */
export async function loadIds(path: string): Promise<readonly RecordingId[]> {
  const ids = new Set<RecordingId>();
  for await (const line of readLines(path)) {
    const text = line.trim();
    if (text !== "" && !text.startsWith("#")) ids.add(parseRecordingId(text));
  }
  return [...ids];
}
