import type { ListedRecording } from "../page-data.ts";
import { element } from "./element.ts";
import { mountFilterForm, readFilter } from "./filter-form.ts";
import { findElement } from "./find-element.ts";
import { type ListColumn, toColumns } from "./list-columns.ts";
import { toCountWords, toGroupedDigits } from "./measure-words.ts";
import { findRecordings, type SearchableRecording } from "./recording-filter.ts";
import { markRow, toTable } from "./recording-table.ts";
import { type SortOrder, sortRecordings } from "./sort-recordings.ts";

/** So many rows are shown at a time, so that a long list is as quick as a short one. */
const PAGE_ROWS = 100;

/** So many rows are printed; a load file has all. */
const PRINTED_ROWS = 2000;

/** The list of recordings with what is asked of it: filters, order, page, and the one that is chosen. */
export class RecordingList {
  readonly #recordings: readonly SearchableRecording[];
  readonly #columns: readonly ListColumn[];
  readonly #table = findElement("table");
  readonly #pages = findElement("pages");
  #shown: readonly SearchableRecording[] = [];
  /** Undefined: as the package has them, in which the recordings of a call stand together. */
  #order: SortOrder | undefined;
  #first = 0;
  #selected: string | undefined;

  /** Shows the list, and keeps it as the filters ask. */
  constructor(recordings: readonly SearchableRecording[]) {
    this.#recordings = recordings;
    this.#columns = toColumns(recordings);
    mountFilterForm(recordings, () => this.#find());
    addEventListener("beforeprint", () => this.#render(0, PRINTED_ROWS));
    addEventListener("afterprint", () => this.#render());
    this.#find();
  }

  /** Marks a recording as the one that is chosen, and turns to its page if the list has it. */
  select(controlNumber: string): void {
    this.#selected = controlNumber;
    const place = this.#toPlace();
    const isOnPage = place >= this.#first && place < this.#first + PAGE_ROWS;
    if (place >= 0 && !isOnPage) this.#turnTo(place - (place % PAGE_ROWS));
    const rows = this.#table.querySelectorAll("tbody tr");
    for (const [index, row] of rows.entries()) markRow(row, this.#first + index === place);
  }

  /** Gives the recording that stands so many rows below the chosen one; undefined where the list has none. */
  findNeighbour(distance: 1 | -1): string | undefined {
    const place = this.#toPlace();
    return place < 0 ? undefined : this.#shown[place + distance]?.controlNumber;
  }

  /** Puts the focus on the chosen recording's row. */
  focusSelected(): void {
    const link = this.#table.querySelector<HTMLElement>("[aria-current=true]") ?? this.#table;
    link.focus();
  }

  #toPlace(): number {
    return this.#shown.findIndex(({ controlNumber }) => controlNumber === this.#selected);
  }

  #find(): void {
    const recordings = findRecordings(this.#recordings, readFilter());
    this.#shown = this.#order === undefined ? recordings : sortRecordings(recordings, this.#order);
    const [found, all] = [this.#shown.length, this.#recordings.length];
    const noun = this.#recordings.some(({ format }) => format === null) ? "file" : "recording";
    const count = found === all ? "" : `${toGroupedDigits(found)} of `;
    findElement("count").replaceChildren(`${count}${toCountWords(all, noun)} shown`);
    this.#turnTo(0);
  }

  #sortBy(field: keyof ListedRecording): void {
    const isDescending = this.#order?.field === field && !this.#order.isDescending;
    this.#order = { field, isDescending };
    this.#shown = sortRecordings(this.#shown, this.#order);
    this.#turnTo(0);
    this.#table.querySelector<HTMLElement>("[aria-sort] button")?.focus();
  }

  #turnTo(first: number): void {
    this.#first = first;
    this.#render();
    this.#table.scrollTo(0, 0);
  }

  #render(first = this.#first, length = PAGE_ROWS): void {
    const rows = this.#shown.slice(first, first + length);
    const caption = toRange(first, rows.length, this.#shown.length);
    const [columns, order, selected] = [this.#columns, this.#order, this.#selected];
    const table = toTable({ columns, rows, caption, order, selected, onSort: (field) => this.#sortBy(field) });
    this.#table.replaceChildren(table);
    this.#pages.replaceChildren(
      this.#toTurner("Previous page", first - PAGE_ROWS),
      this.#toTurner("Next page", first + PAGE_ROWS),
    );
    this.#pages.hidden = this.#shown.length <= PAGE_ROWS;
  }

  #toTurner(label: string, first: number): HTMLElement {
    const button = element("button", { type: "button", disabled: first < 0 || first >= this.#shown.length }, label);
    button.addEventListener("click", () => {
      this.#turnTo(first);
      this.#table.focus();
    });
    return button;
  }
}

function toRange(first: number, length: number, total: number): string {
  if (total === 0) return "No recording is as asked for";
  return `Rows ${toGroupedDigits(first + 1)} to ${toGroupedDigits(first + length)} of ${toGroupedDigits(total)}`;
}
