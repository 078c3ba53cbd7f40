import type { LargeReport } from "../core/report.ts";
import type { Sequence } from "../core/sequence.ts";
import { TOOL_VERSION } from "../core/tool-version.ts";
import { takeWorst } from "../core/worst-findings.ts";
import { type Output, toVisible } from "./terminal.ts";
import { toCountWords } from "./wording.ts";

/** How many findings and failures a person is shown; a script takes them all from `--json`. */
const MAX_SHOWN = 20;

/** Writes a run's report: as the one JSON document, or as lines for a person with the worst last. */
export function printReport(
  output: Output,
  command: string,
  report: LargeReport<unknown>,
  summary: readonly string[],
): void {
  output.printJson(toJsonReport(command, report));
  output.print(...summary, ...toEndingLines(report), ...toProblemLines(report));
}

/** What a verification says beside the fields of every report. */
export interface VerificationWords {
  /** For a person. */
  readonly summary: readonly string[];
  /** For a script. */
  readonly own: Readonly<Record<string, unknown>>;
  /** Whether what was looked at is noted, so that the next run begins with what was not. */
  readonly isNoted: boolean;
}

/** Writes a verification's report: as the one JSON document, or as lines for a person with the worst findings first and the summary last. */
export function printVerification(
  output: Output,
  report: LargeReport<unknown>,
  { summary, own, isNoted }: VerificationWords,
): void {
  output.printJson(toJsonReport("verify", report, own));
  const next = isNoted ? "the next run goes on with the oldest" : "the next run begins anew";
  output.print(...toProblemLines(report), ...summary, ...toEndingLines(report, next));
}

/** Tells a person what failed and what was found, the most urgent first. */
export function toProblemLines({
  failures,
  findings,
}: Pick<LargeReport<unknown>, "failures" | "findings">): readonly string[] {
  return [
    ...failures
      .slice(0, MAX_SHOWN)
      .map(({ subject, code, message }) => toVisible(`failed: ${named(subject, message)} (${code})`)),
    ...toMoreLines("failure", failures),
    // What a finding says may have the letters of a short name in it, and does not name it.
    ...takeWorst(findings, MAX_SHOWN).map(({ kind, subject, message }) => toVisible(`${kind}: ${subject}: ${message}`)),
    ...toMoreLines("finding", findings),
  ];
}

/**
 * Makes the document that `--json` prints; see `docs/report.md` for its form.
 *
 * @param own - What this command alone states, beside the fields of every report.
 */
export function toJsonReport(
  command: string,
  report: LargeReport<unknown>,
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

/** Tells of a run that ended before its time, and what comes of the rest. */
export function toEndingLines(
  { outcome, ending, counts }: LargeReport<unknown>,
  next = "the same command goes on where this one ended",
): readonly string[] {
  const ended = counts.done + counts.skipped + counts.failed;
  if (ending === "exhausted") return [`stopped by its budget after ${ended} of ${counts.planned} files; ${next}`];
  if (ended >= counts.planned || outcome === "ok") return [];
  const why = outcome === "cancelled" ? "cancelled" : "stopped";
  return [`${why} after ${ended} of ${counts.planned}; ${next}`];
}

function toMoreLines(noun: string, { length }: Sequence<unknown>): readonly string[] {
  const left = length - MAX_SHOWN;
  return left > 0 ? [`… and ${toCountWords(left, `more ${noun}`)}: see --json`] : [];
}

/** An error's message that names its subject needs no second naming. */
function named(subject: string, message: string): string {
  return message.includes(subject) ? message : `${subject}: ${message}`;
}
