import { dirname, extname } from "node:path";
import { type Failure, type LargeReport, toFailure, withFailure } from "../core/report.ts";
import { OWNER, sweepAbandoned } from "../io/abandoned-files.ts";
import { ConflictError } from "../io/errors.ts";
import { isThere } from "../io/is-there.ts";
import { StagedFile } from "../io/staged-file.ts";
import { toTextPieces } from "../io/text-pieces.ts";
import type { FixityCheck } from "../report/fixity-check.ts";
import type { ReportTable } from "../report/report-table.ts";
import { toCsv } from "../report/to-csv.ts";
import { toHtmlPage } from "../report/to-html-page.ts";
import { toPremisXml } from "../report/to-premis-xml.ts";
import { UsageError } from "./errors.ts";

/** What the report of any run can be written as. */
export const TABLE_ENDINGS = [".csv", ".html"] as const;

/** What the report of a verification can be written as. */
export const VERIFICATION_ENDINGS = [...TABLE_ENDINGS, ".xml"] as const;
type ReportEnding = (typeof VERIFICATION_ENDINGS)[number];

/**
 * Looks, before anything is done, whether a run's report can be called so. What stands there already is never replaced: the
 * report of an earlier run is evidence.
 *
 * @param endings - What this command's report can be written as.
 * @throws {UsageError} the name has none of the endings.
 * @throws {ConflictError} something stands there.
 */
export async function checkReportFile(path: string, endings: readonly ReportEnding[] = TABLE_ENDINGS): Promise<void> {
  const ending = toEnding(path);
  if (!endings.some((allowed) => allowed === ending)) {
    const [last, ...others] = endings.toReversed();
    throw new UsageError(`--report takes a file that ends in ${others.toReversed().join(", ")} or ${last}: ${path}`);
  }
  if (await isThere(path)) {
    throw new ConflictError(`already exists: ${path}`, { hint: "give --report a new name; no report is replaced" });
  }
}

/** A run, and its report as it is put to paper. */
export interface ReportedRun<R, P extends LargeReport<R>> {
  readonly run: () => Promise<P>;
  readonly toTable: (report: P) => ReportTable<R>;
  /** Where the run is a verification. */
  readonly toFixityCheck?: (report: P) => FixityCheck;
}

/**
 * Does a run and writes its report to a file, as what its ending says; that of a cancelled run as well. The file is begun
 * before the run, so that a place that cannot be written to costs nobody hours, and appears under its name when it is
 * complete.
 *
 * @returns the report, with one failure more if it could not be written.
 * @throws {StorageUnavailableError | StorageFullError | NotFoundError} the file cannot be begun; nothing was run.
 * @throws what `run` throws.
 */
export async function withReportFile<R, P extends LargeReport<R>>(
  path: string,
  reported: ReportedRun<R, P>,
): Promise<P> {
  const folder = dirname(path);
  await sweepAbandoned(folder);
  const staged = new StagedFile(folder, `.report.${OWNER}`);
  try {
    await staged.prepare();
    const report = await reported.run();
    const failure = await tryWrite(path, staged, () => toText(path, reported, report));
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
    await staged.write(toTextPieces(toText()), () => undefined);
    await staged.commit(path);
    return undefined;
  } catch (error) {
    return toFailure(path, error);
  }
}

function toText<R, P extends LargeReport<R>>(
  path: string,
  { toTable, toFixityCheck }: ReportedRun<R, P>,
  report: P,
): Iterable<string> {
  const ending = toEnding(path);
  if (ending === ".csv") return toCsv(toTable(report));
  if (ending === ".html") return toHtmlPage(toTable(report));
  if (ending === ".xml" && toFixityCheck !== undefined) return toPremisXml(toFixityCheck(report));
  throw new Error(`internal error: a report cannot be written as ${ending}`);
}

function toEnding(path: string): string {
  return extname(path).toLowerCase();
}
