import type { LookProblem } from "../custody/retain-look.ts";
import type { RetainPlan } from "../custody/retain-plan.ts";
import type { RetainResult } from "../custody/retain-run.ts";
import { toVisible } from "./terminal.ts";
import { toByteWords, toCountWords, toSpanWords, toTable } from "./wording.ts";

/** How many recordings a person is shown; a script takes them all from `--json`. */
const MAX_SHOWN = 20;

const PROBLEMS: Readonly<Record<LookProblem, string>> = {
  never: "never looked at",
  "too-long-ago": "not looked at lately",
  "ahead-of-clock": "looked at in the future",
  damaged: "damaged",
  missing: "missing",
  unreachable: "could not be reached",
};

/** What a run of `retain` came to, beside its results. */
export interface RetainOutcome extends Pick<RetainPlan, "others" | "rules"> {
  readonly results: readonly RetainResult[];
  readonly verifiedWithinMs: number;
}

/** Tells a person what was removed or would be, what stays although it is due, and how much is not due. */
export function toRetainLines({ results, others, rules, verifiedWithinMs }: RetainOutcome): readonly string[] {
  const shown = results.filter(({ status }) => status !== "held" && status !== "failed");
  return [
    ...toTable(shown.slice(0, MAX_SHOWN).map(toRow)).map(toVisible),
    ...(shown.length > MAX_SHOWN
      ? [`… and ${toCountWords(shown.length - MAX_SHOWN, "more recording")}: see --json`]
      : []),
    ...toSumLines(results, verifiedWithinMs),
    `not due: ${others["not-due"]}; kept for good: ${others.kept}; of no rule: ${others["no-rule"]}; removed before: ${others["removed-before"]}`,
    ...rules.flatMap(({ name, notInArchive = 0 }) =>
      notInArchive === 0
        ? []
        : [
            toVisible(
              `the list of "${name}" names ${toCountWords(notInArchive, "recording")} that the archive does not know`,
            ),
          ],
    ),
  ];
}

function toRow({ status, recordingId, rule, ageDays, sizeBytes, reason }: RetainResult): readonly string[] {
  const why = reason === undefined ? "" : `, ${PROBLEMS[reason]}`;
  return [`${status}${why}`, recordingId, toCountWords(ageDays, "day"), toByteWords(sizeBytes), rule];
}

function toSumLines(results: readonly RetainResult[], verifiedWithinMs: number): readonly string[] {
  const sums: readonly (readonly [RetainResult["status"], string])[] = [
    ["removed", "removed"],
    ["would-remove", "would be removed"],
    ["not-verified", `not removed, for their bytes were not found right within ${toSpanWords(verifiedWithinMs)}`],
    ["held", "not removed, for they are held"],
  ];
  const lines = sums.flatMap(([status, words]) => {
    const some = results.filter((result) => result.status === status);
    const bytes = some.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return some.length === 0 ? [] : [`${words}: ${toCountWords(some.length, "recording")}, ${toByteWords(bytes)}`];
  });
  return results.length === 0 ? ["no recording is due"] : lines;
}
