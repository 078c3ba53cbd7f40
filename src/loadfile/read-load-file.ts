import { LoadFileError } from "./errors.ts";
import { LOAD_FILE_FIELDS, type LoadFileField, type LoadFileRow } from "./fields.ts";
import { LINE_END, type LoadFileProfile, toLoadFileForm } from "./profiles.ts";
import { tryReadCells } from "./syntax.ts";

/** No line of ours is nearly as long; a quote that is never closed would take in the whole file. */
const MAX_LINE_LENGTH = 1 << 20;

/**
 * Reads a load file of ours as strictly as it was written: the names that we write, then rows of as many values. Memory is one
 * line and one chunk.
 *
 * @param chunks - Each may be used again by whoever gives it once the next one is asked for.
 * @throws {LoadFileError} it is not of this profile; the message names the line.
 * @throws what `chunks` throws.
 */
export async function* readLoadFile(
  chunks: AsyncIterable<Uint8Array>,
  profile: LoadFileProfile,
): AsyncGenerator<LoadFileRow> {
  const { syntax, encoding } = toLoadFileForm(profile);
  let lineNumber = 0;
  for await (const line of readLines(readTexts(chunks, profile), syntax.quote)) {
    lineNumber += 1;
    const isFirst = lineNumber === 1;
    if (isFirst && !line.startsWith(encoding.byteOrderMark)) throw new LoadFileError("it has no byte order mark");
    const cells = tryReadCells(isFirst ? line.slice(encoding.byteOrderMark.length) : line, syntax);
    if (cells === undefined) throw new LoadFileError(`line ${lineNumber} is not of the profile ${profile}`);
    if (!isFirst) yield toNamed(cells, lineNumber);
    else if (cells.join() !== LOAD_FILE_FIELDS.join())
      throw new LoadFileError("it does not begin with the names of its columns");
  }
  if (lineNumber === 0) throw new LoadFileError("it is empty");
}

function toNamed(cells: readonly string[], lineNumber: number): LoadFileRow {
  const [found, expected] = [cells.length, LOAD_FILE_FIELDS.length];
  if (found !== expected) throw new LoadFileError(`line ${lineNumber} has ${found} values, and not ${expected}`);
  const entries = LOAD_FILE_FIELDS.map((field, at): [LoadFileField, string] => [field, cells[at] ?? ""]);
  return Object.fromEntries(entries) as LoadFileRow;
}

async function* readTexts(chunks: AsyncIterable<Uint8Array>, profile: LoadFileProfile): AsyncGenerator<string> {
  const read = toLoadFileForm(profile).encoding.openReader();
  try {
    for await (const chunk of chunks) yield read(chunk);
    yield read();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new LoadFileError(`its bytes are not in the encoding of the profile ${profile}`, { cause: error });
  }
}

/** Gives lines without their ends; what ends a line in quotes does not end it here. */
async function* readLines(texts: AsyncIterable<string>, quote: string): AsyncGenerator<string> {
  let begun = "";
  let isInQuotes = false;
  let rest = "";
  for await (const text of texts) {
    const parts = (rest + text).split(LINE_END);
    rest = parts.pop() ?? "";
    for (const part of parts) {
      begun += part;
      if (part.split(quote).length % 2 === 0) isInQuotes = !isInQuotes;
      if (isInQuotes) begun += LINE_END;
      else {
        yield begun;
        begun = "";
      }
    }
    if (begun.length + rest.length > MAX_LINE_LENGTH) throw new LoadFileError("it has a line that is too long");
  }
  if (begun + rest !== "") throw new LoadFileError("its last line has no end");
}
