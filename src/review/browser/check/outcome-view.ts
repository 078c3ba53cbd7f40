import { element } from "../element.ts";
import { toGroupedDigits } from "../measure-words.ts";
import { toVisibleNodes } from "../visible-text.ts";
import { type CheckOutcome, type FileOutcome, isAllSame } from "./check-outcome.ts";
import { TAG_MANIFEST_NAME } from "./load-manifest.ts";
import { type OutcomeHead, toOutcomeText } from "./outcome-text.ts";
import { toCheckedWords, toUncheckedWords, VERDICT_WORDS } from "./outcome-words.ts";

/** A browser is slow with more; the text that can be saved has all. */
const MOST_ROWS = 500;

/** Makes what stands under the verdict: what was checked, what was not, and every file. */
export function toOutcomeNodes(outcome: CheckOutcome, head: OutcomeHead): readonly Node[] {
  return [
    ...(outcome.problems.length === 0 ? [] : [toList(outcome.problems)]),
    element("h3", {}, "What was checked"),
    toList(toCheckedWords(outcome, head)),
    element("h3", {}, "What was not"),
    toList(toUncheckedWords(head.facts)),
    toChecksum(outcome),
    toFileTable(outcome),
    toSaveButton(outcome, head),
  ];
}

function toList(sentences: readonly string[]): HTMLElement {
  return element("ul", {}, ...sentences.map((sentence) => element("li", {}, ...toVisibleNodes(sentence))));
}

function toChecksum({ tagManifestSha256 }: CheckOutcome): HTMLElement {
  const sum = tagManifestSha256 ?? "not known, for it could not be read";
  return element("p", {}, `SHA-256 of ${TAG_MANIFEST_NAME}, to compare: `, element("code", {}, sum));
}

function toFileTable(outcome: CheckOutcome): HTMLElement {
  const shown = outcome.files.slice(0, MOST_ROWS);
  const [count, all] = [toGroupedDigits(shown.length), toGroupedDigits(outcome.files.length)];
  const some = shown.length === outcome.files.length ? all : `${count} of ${all}; saved as text it has all`;
  const heads = ["Result", "File"].map((words) => element("th", { scope: "col" }, words));
  const table = element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...shown.map(toRow)),
  );
  const scroll = element(
    "div",
    { className: "scroll", tabIndex: 0, role: "region", ariaLabel: "Files checked" },
    table,
  );
  return element(
    "details",
    { open: !isAllSame(outcome) },
    element("summary", {}, `Files, worst first (${some})`),
    scroll,
  );
}

function toRow({ path, verdict, note }: FileOutcome): HTMLElement {
  const words = `${VERDICT_WORDS[verdict]}${note === undefined ? "" : `: ${note}`}`;
  const name = element("td", { className: "path" }, element("bdi", {}, ...toVisibleNodes(path)));
  return element("tr", { className: verdict }, element("td", {}, words), name);
}

function toSaveButton(outcome: CheckOutcome, head: OutcomeHead): HTMLElement {
  const button = element("button", { type: "button" }, "Save this result as text");
  button.addEventListener("click", () => save(toOutcomeText(outcome, head)));
  return button;
}

function save(text: string): void {
  const href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  element("a", { href, download: "package-check.txt" }).click();
  // The browser takes the address while it handles the click.
  setTimeout(() => URL.revokeObjectURL(href), 0);
}
