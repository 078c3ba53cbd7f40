import type { RunReport } from "../core/report.ts";
import { TOOL_VERSION } from "../core/tool-version.ts";
import { type Output, toVisible } from "./terminal.ts";
import { toCountWords } from "./wording.ts";

/** How many findings and failures a person is shown; a script takes them all from `--json`. */
const MAX_SHOWN = 20;

/** Writes a run's report: as the one JSON document, or as lines for a person with the worst last. */
export function printReport(
  output: Output,
  command: string,
  report: RunReport<unknown>,
  summary: readonly string[],
): void {
  output.printJson(toJsonReport(command, report));
  output.print(...summary, ...toEndingLines(report), ...toProblemLines(report));
}

/** Tells a person what failed and what was found. */
export function toProblemLines({ failures, findings }: RunReport<unknown>): readonly string[] {
  return [
    ...toLines("failure", failures, ({ subject, code, message }) => `failed: ${named(subject, message)} (${code})`),
    ...toLines("finding", findings, ({ kind, subject, message }) => `${kind}: ${named(subject, message)}`),
  ];
}

/**
 * Makes the document that `--json` prints; see `docs/report.md` for its form.
 *
 * @param own - What this command alone states, beside the fields of every report.
 */
export function toJsonReport(
  command: string,
  report: RunReport<unknown>,
  own: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const { startedAt, finishedAt, outcome, counts, results, findings, failures } = report;
  const tool = { name: "holdfast", version: TOOL_VERSION };
  return {
    schema: "holdfast.report/1",
    tool,
    command,
    startedAt,
    finishedAt,
    outcome,
    counts,
    ...own,
    results,
    findings,
    failures,
  };
}

/** Tells of a run that ended before its time, and that it can be gone on with. */
function toEndingLines({ outcome, counts }: RunReport<unknown>): readonly string[] {
  const ended = counts.done + counts.skipped + counts.failed;
  if (ended >= counts.planned || outcome === "ok") return [];
  const why = outcome === "cancelled" ? "cancelled" : "stopped";
  return [`${why} after ${ended} of ${counts.planned}; the same command goes on where this one ended`];
}

function toLines<T>(noun: string, items: readonly T[], toLine: (item: T) => string): readonly string[] {
  const shown = items.slice(0, MAX_SHOWN).map((item) => toVisible(toLine(item)));
  const left = items.length - shown.length;
  return left > 0 ? [...shown, `… and ${toCountWords(left, `more ${noun}`)}: see --json`] : shown;
}

/** A message that names its subject needs no second naming. */
function named(subject: string, message: string): string {
  return message.includes(subject) ? message : `${subject}: ${message}`;
}
