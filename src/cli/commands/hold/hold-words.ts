import type { HoldPlan } from "../../../custody/hold-add.ts";
import { groupHolds } from "../../../custody/hold-group.ts";
import type { HoldListRequest, HoldListResult } from "../../../custody/hold-list.ts";
import type { CriteriaRecord } from "../../../custody/hold-record.ts";
import type { ReleasePlan } from "../../../custody/hold-release.ts";
import { APPROVAL_NAMESPACE } from "../../../custody/hold-statement.ts";
import type { CaughtCount } from "../../../custody/hold-survey.ts";
import { toVisible } from "../../terminal.ts";
import { toCountWords, toTable } from "../../wording.ts";

/** How many ids a person is shown; a script takes them all from `--json`. */
const MAX_IDS = 10;

/** Says what a hold catches now, and what it will. */
export function toPlanLines(plan: HoldPlan): readonly string[] {
  const { case: name, added, alreadyNamed, caught, notInArchive, removed } = plan;
  const isNew = added.length > 0;
  return [
    toVisible(
      isNew
        ? `hold for ${name}: catches ${toCaughtWords(caught)}`
        : `already held for ${name}: ${toCaughtWords(caught)}`,
    ),
    ...(isNew && alreadyNamed > 0 ? [`${alreadyNamed} of what was named is held for it already`] : []),
    ...toUndecidableLines(caught),
    ...toIdLines(notInArchive, "not in the archive, held as soon as they are fetched"),
    ...toIdLines(removed, "removed from the archive before, so that nothing is left to hold"),
    "recordings that are fetched later and are meant by it are held as well",
  ];
}

/** Sets out holds, the oldest first. */
export function toListLines(results: readonly HoldListResult[], { recordingId }: HoldListRequest): readonly string[] {
  if (results.length === 0) return [recordingId === undefined ? "nothing is held" : `nothing holds ${recordingId}`];
  const head = ["case", "held", "by", "catches", "what", "why"];
  const released = results.filter(({ status }) => status === "released");
  return [
    ...toTable([head, ...results.map(toRow)]).map(toVisible),
    ...released.map((result) => toVisible(toReleasedWords(result))),
    ...(results.some(({ undecidable }) => undecidable > 0) ? [UNDECIDABLE] : []),
    ...(results.some(({ certainty }) => certainty === "undecidable")
      ? [`of ${recordingId} too little is known to tell whether it is meant by all of them: it counts as held`]
      : []),
  ];
}

/** Says what was released, or what is missing and how others approve. */
export function toReleaseLines(plan: ReleasePlan, statementFile: string | undefined): readonly string[] {
  const { case: name, counted, rejected, isAllowed, holds } = plan;
  const approved = counted.length === 0 ? "" : `, approved by ${counted.map(({ principal }) => principal).join(", ")}`;
  return [
    ...(isAllowed ? [`released ${name}: ${toCountWords(groupHolds(holds).length, "hold")}${approved}`] : []),
    ...rejected.map(({ name: file, problem }) => `approval not counted: ${file}: ${problem}`),
    ...(isAllowed ? [] : toSigningLines(statementFile)),
  ].map(toVisible);
}

const UNDECIDABLE =
  "undecidable: the number or time of a recording is not known well enough to tell; it counts as held";

function toUndecidableLines({ undecidable }: CaughtCount): readonly string[] {
  return undecidable > 0 ? [UNDECIDABLE] : [];
}

function toCaughtWords({ certain, undecidable }: CaughtCount): string {
  const all = toCountWords(certain + undecidable, "recording");
  return undecidable === 0 ? `${all} of the archive` : `${all} of the archive, ${undecidable} of them undecidable`;
}

function toIdLines(ids: readonly string[], words: string): readonly string[] {
  if (ids.length === 0) return [];
  const more = ids.length > MAX_IDS ? ` … and ${ids.length - MAX_IDS} more: see --json` : "";
  return [toVisible(`${ids.length} ${words}: ${ids.slice(0, MAX_IDS).join(" ")}${more}`)];
}

function toRow(result: HoldListResult): readonly string[] {
  const { case: name, status, heldAt, heldBy, certain, undecidable, criteria, reason } = result;
  const counted = undecidable === 0 ? `${certain}` : `${certain + undecidable} (${undecidable} undecidable)`;
  const catches = status === "released" ? "released" : counted;
  return [name, heldAt.slice(0, 16), heldBy, catches, toCriteriaWords(criteria), reason ?? "-"];
}

function toReleasedWords({ case: name, heldAt, release }: HoldListResult): string {
  if (release === null) return "";
  const { releasedAt, releasedBy, approvedBy, reason } = release;
  const approved = approvedBy.length === 0 ? "" : `, approved by ${approvedBy.join(", ")}`;
  return `${name}, held ${heldAt.slice(0, 16)}: released ${releasedAt.slice(0, 16)} by ${releasedBy}${approved}: ${reason}`;
}

function toCriteriaWords(criteria: CriteriaRecord): string {
  if (criteria.kind === "named") {
    const { recordingIds, callIds } = criteria;
    const words = [toNamedWords(recordingIds, "recording"), toNamedWords(callIds, "call")];
    return words.filter((word) => word !== "").join(" and ");
  }
  const { kind: _kind, ...points } = criteria;
  return Object.entries(points)
    .map(([name, value]) => `${name} ${value}`)
    .join(" ");
}

function toNamedWords(ids: readonly string[], noun: string): string {
  if (ids.length === 0) return "";
  return ids.length === 1 ? `${noun} ${ids[0]}` : toCountWords(ids.length, noun);
}

function toSigningLines(statementFile: string | undefined): readonly string[] {
  const file = statementFile ?? "FILE";
  return [
    statementFile === undefined
      ? "--statement FILE writes what the others are to sign"
      : `what the others are to sign: ${file}`,
    `each of them: ssh-keygen -Y sign -f KEY -n ${APPROVAL_NAMESPACE} ${file}`,
    `then again, with the same reason: --approval ${file}.sig`,
  ];
}
