import { dirname, extname } from "node:path";
import { ConflictError } from "../io/errors.ts";
import { isThere } from "../io/is-there.ts";
import { StagedFile } from "../io/staged-file.ts";
import type { ReportTable } from "../report/report-table.ts";
import { toCsv } from "../report/to-csv.ts";
import { toHtmlPage } from "../report/to-html-page.ts";
import { UsageError } from "./errors.ts";

const WRITERS = { ".csv": toCsv, ".html": toHtmlPage } as const;

/** Enough for one trip to the disk to be worth it. */
const PIECE_LENGTH = 1 << 16;

/**
 * Looks, before a run begins, whether its report can be written. What stands there already is never replaced: the report
 * of an earlier run is evidence.
 *
 * @throws {UsageError} the ending is neither `.csv` nor `.html`.
 * @throws {ConflictError} something stands there.
 */
export async function checkReportFile(path: string): Promise<void> {
  toWriter(path);
  if (await isThere(path)) {
    throw new ConflictError(`already exists: ${path}`, { hint: "give --report a new name; no report is replaced" });
  }
}

/**
 * Writes a run's report to a file, as CSV or HTML by its ending. It appears under its name when it is complete.
 *
 * @throws {UsageError} the ending is neither `.csv` nor `.html`.
 * @throws {ConflictError} something stands there; it was left as it is.
 * @throws {StorageFullError} no space left.
 * @throws {StorageUnavailableError} any other failure of the file system.
 */
export async function writeReportFile<R>(path: string, table: ReportTable<R>): Promise<void> {
  const staged = new StagedFile(dirname(path), ".report");
  try {
    await staged.write(toChunks(toWriter(path)(table)), () => undefined);
    await staged.commit(path);
  } finally {
    await staged.discard();
  }
}

function toWriter(path: string): <R>(table: ReportTable<R>) => Generator<string> {
  const ending = extname(path).toLowerCase();
  if (ending === ".csv" || ending === ".html") return WRITERS[ending];
  throw new UsageError(`--report takes a file that ends in ${Object.keys(WRITERS).join(" or ")}: ${path}`);
}

async function* toChunks(texts: Iterable<string>): AsyncGenerator<Uint8Array> {
  let piece = "";
  for (const text of texts) {
    piece += text;
    if (piece.length < PIECE_LENGTH) continue;
    yield Buffer.from(piece);
    piece = "";
  }
  yield Buffer.from(piece);
}
