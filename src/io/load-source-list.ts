import { pipeline } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { NothingToDoError } from "../core/errors.ts";
import { tryParseJson } from "../core/try-parse-json.ts";
import { NotFoundError, SourceListError } from "./errors.ts";
import { readLines } from "./read-lines.ts";
import { readText } from "./read-text.ts";

/** What a line of a list says: a path, or what else stands there. */
interface ListEntry {
  /** The line on which it ends. */
  readonly lineNumber: number;
  readonly path: unknown;
}

/**
 * Loads a list of files and folders, in its order, each path once. What it is, its name's ending tells:
 *
 * - `.csv`: RFC 4180 with a header that names a column `path`; other columns do not count.
 * - `.ndjson`, `.jsonl`: an object with a `path` on each line.
 * - any other: a path on each line, spaces and all.
 *
 * Empty lines do not count. Paths come as they stand there; a relative one is meant from the working folder.
 *
 * @throws {SourceListError} a line holds no path, and nothing of the list is used then; or there is no such file.
 * @throws {NothingToDoError} it holds no path at all.
 */
export async function loadSourceList(listPath: string): Promise<readonly string[]> {
  const paths = new Set<string>();
  for await (const { path, lineNumber } of readList(listPath)) {
    const obstacle = findObstacle(path);
    if (obstacle !== undefined) throw new SourceListError(`${obstacle}: ${listPath}, line ${lineNumber}`);
    paths.add(String(path));
  }
  if (paths.size === 0) throw new NothingToDoError(`the list names nothing: ${listPath}`);
  return [...paths];
}

/** A list that is not there is an error of the command line, as a line without a path is. */
async function* readList(listPath: string): AsyncGenerator<ListEntry> {
  try {
    yield* readEntries(listPath);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new SourceListError(`there is no such list: ${listPath}`, { cause: error });
  }
}

function readEntries(listPath: string): AsyncGenerator<ListEntry> {
  if (/\.csv$/i.test(listPath)) return readCsv(listPath);
  return /\.(?:ndjson|jsonl)$/i.test(listPath) ? readNdjson(listPath) : readPlain(listPath);
}

/** Such a path would only be told of as not found, which would not say what is wrong with the list. */
function findObstacle(path: unknown): string | undefined {
  if (typeof path !== "string") return "no path";
  if (path === "") return "an empty path";
  if (path.includes("\0")) return "a path with a NUL, as in a text that is no UTF-8";
  return path.includes("\uFFFD") ? "a path that is no UTF-8" : undefined;
}

async function* readPlain(listPath: string): AsyncGenerator<ListEntry> {
  let lineNumber = 0;
  for await (const line of readLines(listPath)) {
    lineNumber += 1;
    if (line !== "") yield { lineNumber, path: line };
  }
}

async function* readNdjson(listPath: string): AsyncGenerator<ListEntry> {
  for await (const { lineNumber, path: line } of readPlain(listPath)) {
    const object = tryParseJson(String(line));
    yield { lineNumber, path: typeof object === "object" && object !== null && "path" in object ? object.path : null };
  }
}

async function* readCsv(listPath: string): AsyncGenerator<ListEntry> {
  const parser = parse({ columns: (header) => checkHeader(listPath, header), info: true, skip_empty_lines: true });
  // The pipeline hands a failure of either side to the parser's reader.
  const records = pipeline(readText(listPath), parser, () => undefined);
  try {
    for await (const { record, info } of records) yield { lineNumber: info.lines, path: record.path };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const reason = error.message.split("\n", 1)[0];
    throw new SourceListError(`no CSV: ${reason}: ${listPath}, line ${error["lines"]}`, { cause: error });
  }
}

function checkHeader(listPath: string, header: readonly string[]): string[] {
  if (header.includes("path")) return [...header];
  throw new SourceListError(`no column called path: ${listPath}, line 1`, {
    hint: `its columns are ${header.map((name) => JSON.stringify(name)).join(", ")}, divided by commas`,
  });
}
