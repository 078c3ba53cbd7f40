import type { ListedRecording } from "../page-data.ts";
import { element } from "./element.ts";
import type { ListColumn } from "./list-columns.ts";
import type { SortOrder } from "./sort-recordings.ts";

interface TableView {
  readonly columns: readonly ListColumn[];
  readonly rows: readonly ListedRecording[];
  readonly caption: string;
  /** Undefined where the rows are in the package's own order. */
  readonly order: SortOrder | undefined;
  readonly selected: string | undefined;
  readonly onSort: (field: keyof ListedRecording) => void;
}

/** Makes the list's table. Recordings of one call that stand together are shown to belong together. */
export function toTable({ columns, rows, caption, order, selected, onSort }: TableView): HTMLTableElement {
  const heads = columns.map((column) =>
    toHead(column, column.field === order?.field ? order : undefined, () => onSort(column.field)),
  );
  const body = rows.map((row, index) => {
    const made = toRow(columns, row, rows[index - 1]);
    markRow(made, row.controlNumber === selected);
    return made;
  });
  return element(
    "table",
    {},
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...body),
  );
}

function toHead({ field, label }: ListColumn, order: SortOrder | undefined, sort: () => void): HTMLElement {
  const button = element("button", { type: "button" }, label);
  button.addEventListener("click", sort);
  const head = element("th", { scope: "col", className: field }, button);
  if (order !== undefined) head.ariaSort = order.isDescending ? "descending" : "ascending";
  return head;
}

function toRow(columns: readonly ListColumn[], row: ListedRecording, above: ListedRecording | undefined): HTMLElement {
  const cells = columns.map(({ field, toCell }, index) =>
    index === 0
      ? element("th", { scope: "row", className: field }, ...toCell(row))
      : element("td", { className: field }, ...toCell(row)),
  );
  const made = element("tr", {}, ...cells);
  made.classList.toggle("leg", row.familyFirst !== row.familyLast);
  made.classList.toggle("goes-on", above?.familyFirst === row.familyFirst);
  return made;
}

/** Shows whether a row is the one that the pane tells of. */
export function markRow(row: Element, isSelected: boolean): void {
  row.classList.toggle("selected", isSelected);
  row.querySelector("a")?.setAttribute("aria-current", String(isSelected));
}
