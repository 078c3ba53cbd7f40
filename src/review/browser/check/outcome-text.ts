import { toVisibleLine } from "../visible-text.ts";
import type { CheckFacts } from "./check-facts.ts";
import type { CheckOutcome } from "./check-outcome.ts";
import { TAG_MANIFEST_NAME } from "./load-manifest.ts";
import { type CheckedPlace, toCheckedWords, toHeadline, toUncheckedWords, VERDICT_WORDS } from "./outcome-words.ts";

/** Under what an outcome is kept. */
export interface OutcomeHead extends CheckedPlace {
  readonly facts: CheckFacts;
  /** An instant in UTC, by the clock of the computer that checked. */
  readonly checkedAt: string;
}

/** Writes an outcome with all its files as plain text; every name is on one line, whatever is in it. */
export function toOutcomeText(outcome: CheckOutcome, head: OutcomeHead): string {
  const { files, problems, tagManifestSha256 } = outcome;
  const { facts, checkedAt } = head;
  return [
    `Check of the package ${facts.case}`,
    `Checked: ${checkedAt}, by this computer's clock`,
    "",
    toHeadline(outcome),
    ...problems,
    "",
    "What was checked:",
    ...toCheckedWords(outcome, head).map(toItem),
    "",
    "What was not:",
    ...toUncheckedWords(facts).map(toItem),
    "",
    `SHA-256 of ${TAG_MANIFEST_NAME}: ${tagManifestSha256 ?? "not known, for it could not be read"}`,
    "",
    "Files, worst first:",
    ...files.map(({ path, verdict, note }) => toFileLine([VERDICT_WORDS[verdict], note], path)),
    "",
  ]
    .map(toVisibleLine)
    .join("\r\n");
}

function toItem(sentence: string): string {
  return `- ${sentence}`;
}

/** The name comes last: whatever is in it is still part of it. */
function toFileLine(words: readonly (string | undefined)[], path: string): string {
  return `${words.filter((word) => word !== undefined).join(": ")} | ${path}`;
}
