import { element } from "./element.ts";
import { toVisibleNodes } from "./visible-text.ts";

/** What is known under a name; undefined where nothing is. */
export type Fact = readonly [label: string, value: string | Node | null | undefined];

/** Puts facts into a description list; what is not known is left out. Texts may come from outside. */
export function fillFacts(list: HTMLElement, facts: readonly Fact[]): void {
  list.replaceChildren(...facts.flatMap(toFactNodes));
}

/** Makes a description list of facts. */
export function toFactList(facts: readonly Fact[]): HTMLElement {
  const list = element("dl", { className: "facts" });
  fillFacts(list, facts);
  return list;
}

function toFactNodes([label, value]: Fact): readonly Node[] {
  if (value === null || value === undefined || value === "") return [];
  const shown = typeof value === "string" ? toVisibleNodes(value) : [value];
  return [element("div", {}, element("dt", {}, label), element("dd", {}, ...shown))];
}
