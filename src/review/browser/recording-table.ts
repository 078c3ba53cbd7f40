import type { ListedRecording } from "../page-data.ts";
import { element } from "./element.ts";
import { LIST_COLUMNS } from "./list-columns.ts";
import type { SortOrder } from "./sort-recordings.ts";

interface TableView {
  readonly rows: readonly ListedRecording[];
  readonly caption: string;
  readonly order: SortOrder;
  readonly selected: string | undefined;
  readonly onSort: (field: keyof ListedRecording) => void;
}

/** Makes the list's table. Recordings of one call that stand together are shown to belong together. */
export function toTable({ rows, caption, order, selected, onSort }: TableView): HTMLTableElement {
  const heads = LIST_COLUMNS.map(({ field, label }) =>
    toHead(label, field === order.field ? order : undefined, () => onSort(field)),
  );
  const body = rows.map((row, index) => toRow(row, rows[index - 1], row.controlNumber === selected));
  return element(
    "table",
    {},
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...body),
  );
}

function toHead(label: string, order: SortOrder | undefined, sort: () => void): HTMLElement {
  const button = element("button", { type: "button" }, label);
  button.addEventListener("click", sort);
  const head = element("th", { scope: "col" }, button);
  if (order !== undefined) head.ariaSort = order.isDescending ? "descending" : "ascending";
  return head;
}

function toRow(row: ListedRecording, above: ListedRecording | undefined, isSelected: boolean): HTMLElement {
  const cells = LIST_COLUMNS.map(({ field, toCell }, index) =>
    index === 0
      ? element("th", { scope: "row", className: field }, ...toCell(row))
      : element("td", { className: field }, ...toCell(row)),
  );
  const made = element("tr", {}, ...cells);
  made.classList.toggle("leg", row.familyFirst !== row.familyLast);
  made.classList.toggle("goes-on", above?.familyFirst === row.familyFirst);
  markRow(made, isSelected);
  return made;
}

/** Shows whether a row is the one that the pane tells of. */
export function markRow(row: Element, isSelected: boolean): void {
  row.classList.toggle("selected", isSelected);
  row.querySelector("a")?.setAttribute("aria-current", String(isSelected));
}
