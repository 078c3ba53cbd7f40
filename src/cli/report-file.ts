import { dirname, extname } from "node:path";
import { type Failure, type RunReport, toFailure, withFailure } from "../core/report.ts";
import { OWNER, sweepAbandoned } from "../io/abandoned-files.ts";
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
 * Looks, before anything is done, whether a run's report can be called so. What stands there already is never replaced: the
 * report of an earlier run is evidence.
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

/** A run, and its report as it is put to paper. */
export interface ReportedRun<R> {
  readonly run: () => Promise<RunReport<R>>;
  readonly toTable: (report: RunReport<R>) => ReportTable<R>;
}

/**
 * Does a run and writes its report to a file, as CSV or HTML by its ending; that of a cancelled run as well. The file is
 * begun before the run, so that a place that cannot be written to costs nobody hours, and appears under its name when it is
 * complete.
 *
 * @returns the report, with one failure more if it could not be written.
 * @throws {UsageError} the ending is neither `.csv` nor `.html`.
 * @throws {StorageUnavailableError | StorageFullError | NotFoundError} the file cannot be begun; nothing was run.
 * @throws what `run` throws.
 */
export async function withReportFile<R>(path: string, { run, toTable }: ReportedRun<R>): Promise<RunReport<R>> {
  const toText = toWriter(path);
  const folder = dirname(path);
  await sweepAbandoned(folder);
  const staged = new StagedFile(folder, `.report.${OWNER}`);
  try {
    await staged.create();
    const report = await run();
    const failure = await tryWrite(path, staged, () => toText(toTable(report)));
    return failure === undefined ? report : withFailure(report, failure);
  } finally {
    await staged.discard();
  }
}

async function tryWrite(
  path: string,
  staged: StagedFile,
  toText: () => Iterable<string>,
): Promise<Failure | undefined> {
  try {
    await staged.write(toChunks(toText()), () => undefined);
    await staged.commit(path);
    return undefined;
  } catch (error) {
    return toFailure(path, error);
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
