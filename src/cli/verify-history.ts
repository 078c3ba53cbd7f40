import type { Archive } from "../archive/archive.ts";
import { toIsoInstant } from "../core/clock.ts";
import { parseRecordingId } from "../core/recording-id.ts";
import type { RunReport } from "../core/report.ts";
import { NotFoundError } from "../io/errors.ts";
import type { CommandContext } from "./command.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { toRecordingJson, toRecordingLines, toRunJson, toRunLines } from "./history-table.ts";
import { printReport } from "./report-output.ts";

/** The word that stands for the last runs. */
const RUNS = "runs";
const RUNS_SHOWN = 20;

/** What is known of one recording or run. */
interface Known {
  readonly json: object;
  readonly lines: readonly string[];
}

/**
 * Shows what is known of verifying a recording, of a run, or, for `runs`, of the last runs. Nothing is verified.
 *
 * @throws {NotFoundError} nothing is known of either.
 */
export async function printHistory(archive: Archive, id: string, { output, clock }: CommandContext): Promise<ExitCode> {
  const instant = toIsoInstant(clock.now());
  const known = id === RUNS ? await loadRuns(archive) : [await loadOne(archive, id, clock.now())];
  const counts = { planned: known.length, done: known.length, skipped: 0, failed: 0, findings: 0, bytes: 0 };
  const report: RunReport<object> = {
    ...{ startedAt: instant, finishedAt: instant, outcome: "ok", counts },
    ...{ results: known.map(({ json }) => json), findings: [], failures: [] },
  };
  printReport(
    output,
    "verify",
    report,
    known.flatMap(({ lines }) => lines),
  );
  return EXIT_CODES.ok;
}

async function loadRuns({ checks }: Archive): Promise<readonly Known[]> {
  const runs = await checks.runs(RUNS_SHOWN);
  return runs.map((run) => toKnownRun({ run, findings: [] }));
}

async function loadOne({ checks, traits }: Archive, id: string, nowMs: number): Promise<Known> {
  const run = await checks.run(id);
  if (run !== undefined) return toKnownRun(run);
  const history = await checks.history(parseRecordingId(id));
  if (history !== undefined) return { json: toRecordingJson(history), lines: toRecordingLines(history, nowMs) };
  throw new NotFoundError(`neither a recording nor a run in ${traits.location}: ${id}`, {
    hint: "`holdfast verify --history runs` lists the last runs",
  });
}

function toKnownRun(run: Parameters<typeof toRunJson>[0]): Known {
  return { json: toRunJson(run), lines: toRunLines(run) };
}
