import type { LargeReport } from "../core/report.ts";
import { TOOL_VERSION } from "../core/tool-version.ts";
import type { CheckAges, CheckStatus, VerifyLevel } from "../core/verification.ts";
import { countKinds } from "../core/worst-findings.ts";
import type { VerifyGrounds } from "../fixity/verify-grounds.ts";
import type { VerifyReport, VerifyResult, VerifyTally } from "../fixity/verify-run.ts";
import { toGroupedDigits } from "../report/cell-words.ts";
import type { FixityCheck } from "../report/fixity-check.ts";
import type { ReportColumn, ReportTable } from "../report/report-table.ts";
import { toAgeChart, toOldestLines } from "./age-words.ts";
import { toByteWords } from "./wording.ts";

/** What is to be said of a verification beside its report. */
export interface VerifyFacts {
  /** What was verified: `archive`, `sealed folder`, `BagIt bag`. */
  readonly noun: string;
  readonly location: string;
  readonly level: VerifyLevel;
  /** The flags that selected and bounded, in words; undefined for everything. */
  readonly request: string | undefined;
  /** Where runs are noted. */
  readonly runId: string | undefined;
  /** Of the whole archive, at the level of the run or a closer one, as the run left it. */
  readonly ages: CheckAges | undefined;
  /** What a reader should know and what is no finding, a sentence each. */
  readonly remarks: readonly string[];
}

const LEVEL_WORDS: Readonly<Record<VerifyLevel, string>> = {
  presence: "it was looked at whether each file is there with its size, if one is recorded; no content was read",
  digest:
    "every byte was read of each file that was looked at, could be read and has a recorded digest, and compared with it",
  structure:
    "every byte was read of each file that was looked at, could be read and has a recorded digest, and compared with it, and audio was walked through",
  deep: "every byte was read of each file that was looked at, could be read and has a recorded digest, and compared with it, and audio was decoded to its end where that can be done",
};

/** What files that are ok have been shown to be; nothing that was not looked at is said. */
const GROUND_WORDS: Readonly<Record<keyof VerifyGrounds, string>> = {
  digest: "what was recorded",
  size: "there with the recorded size",
  name: "there, which is all that was looked at",
  itself: "without damage that shows, with nothing recorded to hold them against",
};

const GROUNDS = ["digest", "size", "name", "itself"] as const satisfies readonly (keyof VerifyGrounds)[];

const STATUS_WORDS: readonly (readonly [CheckStatus, string])[] = [
  ["missing", "missing"],
  ["unreachable", "not to be read"],
  ["damaged", "damaged"],
];

const COLUMNS: readonly ReportColumn<VerifyResult>[] = [
  { key: "status", label: "Status", kind: "status", toCell: ({ status }) => status },
  { key: "path", label: "File", kind: "text", toCell: ({ path }) => path },
  { key: "level", label: "Level", kind: "status", toCell: ({ level }) => level },
  { key: "checkedAt", label: "Checked at", kind: "status", toCell: ({ checkedAt }) => checkedAt },
  { key: "sha256", label: "SHA-256 found", kind: "digest", toCell: ({ sha256 }) => sha256 },
];

/** Puts a verification's report to paper. */
export function toVerifyTable(report: VerifyReport, facts: VerifyFacts): ReportTable<VerifyResult> {
  const { startedAt, finishedAt, outcome, counts, results, findings, failures } = report;
  const { noun, location, level, request, runId, ages, remarks } = facts;
  return {
    title: `Verification of ${location}`,
    headlines: toHeadlines(report, facts).map(toSentence),
    facts: [
      { label: "Outcome", value: outcome },
      { label: "Verified", value: `${noun} ${location}` },
      { label: "Level", value: `${level}: ${LEVEL_WORDS[level]}` },
      { label: "Selection", value: request ?? "everything that is recorded" },
      { label: "Files looked at", value: `${toGroupedDigits(counts.done)} of ${toGroupedDigits(counts.planned)}` },
      { label: "Bytes read", value: `${toGroupedDigits(counts.bytes)} (${toByteWords(counts.bytes)})` },
      { label: "Began", value: startedAt },
      { label: "Ended", value: finishedAt },
      { label: "Verified with", value: `holdfast ${TOOL_VERSION}` },
      ...(runId === undefined ? [] : [{ label: "Run", value: runId }]),
      ...remarks.map((value) => ({ label: "Remark", value })),
    ],
    chart: ages === undefined ? undefined : toAgeChart(ages, level),
    columns: COLUMNS,
    rows: results,
    findings,
    failures,
  };
}

/** Puts a verification's report as an event in the life of what was verified. */
export function toFixityCheck(report: VerifyReport, facts: VerifyFacts): FixityCheck {
  const { startedAt, finishedAt, outcome, findings, failures } = report;
  const { location, noun, level, request, runId = startedAt, remarks } = facts;
  return {
    ...{ runId, startedAt, finishedAt },
    outcome: outcome === "ok" ? "success" : "fail",
    detail: [
      `Verification of the ${noun} at level ${level}: ${LEVEL_WORDS[level]}.`,
      ...(request === undefined ? [] : [`Selection: ${request}.`]),
    ],
    notes: [...toHeadlines(report, facts), ...remarks].map(toSentence),
    places: [location],
    toolVersion: TOOL_VERSION,
    agents: [],
    findings,
    failures,
  };
}

/** Tells the outcome, the most important first: what is not as recorded, what was not looked at, how, and since when. */
export function toHeadlines(report: VerifyReport, { level, ages, runId }: VerifyFacts): readonly string[] {
  const { finishedAt, counts, tally, grounds, mended, unopened, ending, findings, failures } = report;
  const left = counts.planned - counts.done - counts.skipped - counts.failed;
  return [
    isAnySeen(report) ? toTallyLine(tally, grounds) : toIdleLine(report, runId !== undefined),
    ...(mended === 0 ? [] : [`read again since, and right now: ${toFileWords(mended)}`]),
    ...(findings.length === 0 ? [] : [`found: ${toKindWords(report)}`]),
    ...(failures.length === 0
      ? []
      : [`not looked at as was asked for, because of a failure: ${toGroupedDigits(failures.length)}`]),
    ...(left > 0 ? [`not looked at: ${toFileWords(left)}${toWhy(ending)}`] : []),
    ...(isAnySeen(report) ? [`at level ${level}: ${LEVEL_WORDS[level]}`] : []),
    ...(unopened === 0
      ? []
      : [
          `encrypted, with no key to look into them, so that their bytes on disk alone were compared: ${toFileWords(unopened)}`,
        ]),
    ...(ages === undefined ? [] : toOldestLines(ages, Date.parse(finishedAt))),
  ];
}

function isAnySeen({ tally }: VerifyReport): boolean {
  return Object.values(tally).some((count) => count > 0);
}

function toIdleLine({ counts, findings }: VerifyReport, isArchive: boolean): string {
  if (counts.planned + findings.length > 0) return "no file was looked at";
  return isArchive ? "nothing was due, and no file was looked at" : "the record names no file, and none was looked at";
}

function toTallyLine(tally: VerifyTally, grounds: VerifyGrounds): string {
  const total = Object.values(tally).reduce((sum, count) => sum + count, 0);
  const bad = total - tally.ok;
  if (bad === 0 && total === 1) return `the one file that was looked at is ${toGroundWords(grounds)}`;
  if (bad === 0) return `all ${toFileWords(total)} that were looked at are ${toGroundWords(grounds)}`;
  const parts = STATUS_WORDS.filter(([status]) => tally[status] > 0).map(
    ([status, words]) => `${toGroupedDigits(tally[status])} ${words}`,
  );
  return `${toGroupedDigits(bad)} of ${toFileWords(total)} are not as they should be: ${parts.join(", ")}`;
}

function toGroundWords(grounds: VerifyGrounds): string {
  const kinds = GROUNDS.filter((ground) => grounds[ground] > 0);
  const [first] = kinds;
  if (first !== undefined && kinds.length === 1) return GROUND_WORDS[first];
  const parts = kinds.map((ground) => `${toGroupedDigits(grounds[ground])} are ${GROUND_WORDS[ground]}`);
  return `ok: ${parts.join("; ")}`;
}

function toKindWords({ findings }: VerifyReport): string {
  return [...countKinds(findings)].map(([kind, count]) => `${toGroupedDigits(count)} ${kind}`).join(", ");
}

function toWhy(ending: LargeReport<unknown>["ending"]): string {
  if (ending === "exhausted") return ", for the budget was spent";
  if (ending === "cancelled") return ", for the run was cancelled";
  return ending === "stopped" ? ", for the run could not go on" : "";
}

function toFileWords(count: number): string {
  return `${toGroupedDigits(count)} file${count === 1 ? "" : "s"}`;
}

function toSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}
