import type { CustodyEvent } from "../page-data.ts";
import { element } from "./element.ts";
import { toEventWords } from "./event-words.ts";
import { toGroupedDigits, toInstantWords } from "./measure-words.ts";
import { toVisibleNodes } from "./visible-text.ts";

/** Makes the timeline of what the archive's ledger tells of a recording. */
export function toTimeline(custody: readonly CustodyEvent[]): readonly HTMLElement[] {
  if (custody.length === 0) return [element("p", {}, "No ledger tells of this file.")];
  const told =
    "As the archive's ledger tells it. Times are those of the archive's clock, and people are named as its computer named them. Each event, and what proves that it is in the ledger, is in data/custody.jsonl; this page does not check these proofs.";
  return [element("p", { className: "aside" }, told), element("ol", { className: "timeline" }, ...custody.map(toItem))];
}

function toItem([seq, at, actor, type, note]: CustodyEvent): HTMLElement {
  const time = element("time", { dateTime: at }, toInstantWords(at));
  const what = element("span", { className: "what" }, ...toVisibleNodes(toEventWords(type)));
  const who = element(
    "span",
    { className: "aside" },
    "by ",
    ...toVisibleNodes(actor),
    `, event ${toGroupedDigits(seq)}`,
  );
  const item = element("li", {}, time, what, who);
  if (note !== null) item.append(element("span", { className: "note" }, ...toVisibleNodes(note)));
  return item;
}
